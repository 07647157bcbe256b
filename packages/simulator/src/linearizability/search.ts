import { Events } from './events.ts';
import type { Model, Operation } from './model.ts';
import { Unanswered } from './unanswered.ts';

/** How long and how wide a search may be. */
export interface Limits {
  /** Configurations that are remembered: a hundred bytes each, about. */
  readonly configurations: number;
  /** Asked now and then; true ends the search without a verdict. */
  readonly isOver: () => boolean;
}

export interface Found<Input, Output, State> {
  /** Null: given up at a limit. */
  readonly linearizable: boolean | null;
  /** The longest order found in which all that took effect fits the model: the witness where it is linearizable. */
  readonly order: readonly Operation<Input, Output>[];
  /** The state after that order. */
  readonly state: State;
  readonly configurations: number;
}

/** Steps between two questions whether time is over. */
const STEPS_PER_LOOK = 256;
const WORD = 16;

/**
 * Searches for an order of the operations of one object that keeps to real time and to the model, as Wing and Gong do, remembering
 * each configuration (operations done, state) as Lowe does: none is looked at twice. Exponential in the operations that overlap.
 *
 * What is answered and changes nothing is done as soon as it fits: where an order puts it later, it fits here too. What was never answered
 * is tried after all that was, and not where the next would be and do the same without it: the shortest order has none of those. Nothing is
 * tried from where the next answer cannot come about any more.
 */
export function search<Input, Output, State>(
  model: Model<Input, Output, State>,
  operations: readonly Operation<Input, Output>[],
  limits: Limits,
): Found<Input, Output, State> {
  return new Search(model, operations, limits).run();
}

/** One choice: an operation, and what was done after it that left no choice. */
interface Move<Input, Output, State> {
  /** Of an answered operation its index, of one that never was its sort. */
  readonly choice: { readonly answered: number } | { readonly sort: number };
  readonly operation: Operation<Input, Output>;
  /** Answered operations that change nothing, by index. */
  readonly after: number[];
  readonly before: State;
  readonly previous: Move<Input, Output, State> | null;
}

class Search<Input, Output, State> {
  readonly #model: Model<Input, Output, State>;
  readonly #answered: readonly Operation<Input, Output>[];
  /** Of each answered operation whether it can change a state. */
  readonly #changes: readonly boolean[];
  readonly #unanswered: Unanswered<Input, Output>;
  readonly #limits: Limits;
  readonly #events: Events;
  /** Answered operations done, a bit each. */
  readonly #done: Uint16Array;
  readonly #seen = new Set<string>();
  /** Numbers of states by their text, so that a configuration is named shortly. */
  readonly #states = new Map<string, number>();
  /** Answered operations done before any choice. */
  readonly #first: number[] = [];
  #last: Move<Input, Output, State> | null = null;
  #state: State;
  /** Answered operations that are not done, and others that are. */
  #due: number;
  #extra = 0;
  #best: { readonly length: number; readonly last: Move<Input, Output, State> | null; readonly state: State };

  constructor(model: Model<Input, Output, State>, operations: readonly Operation<Input, Output>[], limits: Limits) {
    const isAnswered = ({ returned }: Operation<Input, Output>): boolean => returned !== Infinity;
    this.#model = model;
    this.#answered = operations.filter(isAnswered).sort((a, b) => a.called - b.called);
    this.#changes = this.#answered.map(({ input, output }) => model.changes(input, output));
    this.#unanswered = new Unanswered(
      operations.filter((one) => !isAnswered(one) && model.changes(one.input, undefined)),
    );
    this.#limits = limits;
    this.#events = new Events(this.#answered);
    this.#done = new Uint16Array(Math.ceil(this.#answered.length / WORD));
    this.#state = model.initial;
    this.#due = this.#answered.length;
    this.#best = { length: 0, last: null, state: model.initial };
  }

  run(): Found<Input, Output, State> {
    const { next, called } = this.#events;
    this.#settle(this.#first);
    let node = this.#events.first;
    let sort = 0;
    for (let steps = 1; this.#due > 0; steps += 1) {
      if (steps % STEPS_PER_LOOK === 0 && this.#limits.isOver()) return this.#found(null);
      if (this.#seen.size > this.#limits.configurations) return this.#found(null);
      const index = called[node] ?? -1;
      // Node 0 is reached only where nothing is due.
      const tried = index >= 0 ? this.#tryAnswered(index) : this.#trySort(sort, this.#events.at[node] ?? Infinity);
      if (tried) [node, sort] = [this.#events.first, 0];
      else if (index >= 0) node = next[node] ?? 0;
      else if (sort < this.#unanswered.sorts) sort += 1;
      else {
        // Something had returned by here that fits nowhere: what was chosen last was wrong.
        this.#keepBest();
        const last = this.#last;
        if (last === null) return this.#found(false);
        this.#last = last.previous;
        node = this.#undo(last);
        sort = 'sort' in last.choice ? last.choice.sort + 1 : 0;
      }
    }
    return this.#found(true);
  }

  #tryAnswered(index: number): boolean {
    const operation = this.#answered[index] as Operation<Input, Output>;
    const state = this.#model.step(this.#state, operation.input, operation.output);
    if (state === undefined || this.#isNeedless(operation, state)) return false;
    return this.#advance({ answered: index }, operation, state);
  }

  #trySort(sort: number, end: number): boolean {
    const operation = this.#unanswered.due(sort, end);
    if (operation === undefined) return false;
    const state = this.#model.step(this.#state, operation.input, undefined);
    if (state === undefined || this.#isSame(state, this.#state) || this.#isNeedless(operation, state)) return false;
    return this.#advance({ sort }, operation, state);
  }

  /** Whether what was done last was never answered, and this could be done without it and leave the same. */
  #isNeedless({ input, output }: Operation<Input, Output>, state: State): boolean {
    const last = this.#last;
    if (last === null || !('sort' in last.choice) || last.after.length > 0) return false;
    const without = this.#model.step(last.before, input, output);
    return without !== undefined && this.#isSame(without, state);
  }

  #isSame(one: State, other: State): boolean {
    return one === other || this.#model.textOf(one) === this.#model.textOf(other);
  }

  /** Makes a choice, if nobody looked at what comes of it. */
  #advance(choice: Move<Input, Output, State>['choice'], operation: Operation<Input, Output>, state: State): boolean {
    const move = { choice, operation, after: [] as number[], before: this.#state, previous: this.#last };
    if ('answered' in choice) this.#take(choice.answered);
    else this.#count(choice.sort, 1);
    this.#state = state;
    this.#settle(move.after);
    const name = this.#name();
    if (this.#seen.has(name)) {
      this.#undo(move);
      return false;
    }
    this.#seen.add(name);
    if (!this.#mayGoOn()) {
      this.#undo(move);
      return false;
    }
    this.#last = move;
    return true;
  }

  /** Whether the next answer of what changes nothing can still come about, by what is called until then. */
  #mayGoOn(): boolean {
    const { next, called, returned, at } = this.#events;
    const calls: Input[] = [];
    for (let node = this.#events.first; node !== 0; node = next[node] ?? 0) {
      const index = called[node] ?? -1;
      const back = returned[node] ?? -1;
      if (index >= 0 && this.#changes[index] === true)
        calls.push((this.#answered[index] as Operation<Input, Output>).input);
      if (back < 0 || this.#changes[back] !== false) continue;
      const { input, output } = this.#answered[back] as Operation<Input, Output>;
      const all = [...calls, ...this.#unanswered.dueBefore(at[node] ?? Infinity)];
      return this.#model.mayAnswer(this.#state, all, input, output);
    }
    return true;
  }

  /** Does all that fits now and changes nothing, and notes it. */
  #settle(after: number[]): void {
    const { next, called } = this.#events;
    let node = this.#events.first;
    for (let index = called[node] ?? -1; index >= 0; index = called[node] ?? -1) {
      const { input, output } = this.#answered[index] as Operation<Input, Output>;
      const fits = this.#changes[index] === false && this.#model.step(this.#state, input, output) !== undefined;
      if (!fits) {
        node = next[node] ?? 0;
        continue;
      }
      this.#take(index);
      after.push(index);
      // What returned is gone, so that more may have been called in time.
      node = this.#events.first;
    }
  }

  /** Takes a choice back; returns what is to be tried next: after an answered one the next call, else the first return. */
  #undo({ choice, after, before }: Move<Input, Output, State>): number {
    for (const index of after.toReversed()) this.#putBack(index);
    this.#state = before;
    if ('answered' in choice) return this.#putBack(choice.answered);
    this.#count(choice.sort, -1);
    const { next, called } = this.#events;
    let node = this.#events.first;
    while ((called[node] ?? -1) >= 0) node = next[node] ?? 0;
    return node;
  }

  #take(index: number): void {
    this.#flip(index);
    this.#events.take(index);
    this.#due -= 1;
  }

  #putBack(index: number): number {
    this.#flip(index);
    this.#due += 1;
    return this.#events.putBack(index);
  }

  #count(sort: number, change: 1 | -1): void {
    this.#unanswered.count(sort, change);
    this.#extra += change;
  }

  #flip(index: number): void {
    const word = Math.floor(index / WORD);
    this.#done[word] = (this.#done[word] ?? 0) ^ (1 << (index % WORD));
  }

  /** The configuration as text: what is done after the first that is not, and the state. */
  #name(): string {
    const { first, called } = this.#events;
    const base = called[first] ?? -1;
    const text = this.#model.textOf(this.#state);
    const number = this.#states.get(text) ?? this.#states.size;
    this.#states.set(text, number);
    let name = `${this.#unanswered.name()}${number} ${base} `;
    if (base < 0) return name;
    let left = this.#answered.length - this.#due - base;
    for (let word = Math.floor(base / WORD); left > 0 && word < this.#done.length; word += 1) {
      const bits = this.#done[word] ?? 0;
      const own = word * WORD < base ? bits & ~((1 << (base % WORD)) - 1) : bits;
      name += String.fromCharCode(own);
      left -= ones(own);
    }
    return name;
  }

  #keepBest(): void {
    const length = this.#answered.length - this.#due + this.#extra;
    if (length > this.#best.length) this.#best = { length, last: this.#last, state: this.#state };
  }

  #found(linearizable: boolean | null): Found<Input, Output, State> {
    if (linearizable !== true) this.#keepBest();
    const { last, state } = linearizable === true ? { last: this.#last, state: this.#state } : this.#best;
    const answered = (indexes: readonly number[]) => indexes.flatMap((index) => this.#answered[index] ?? []);
    const moves: Move<Input, Output, State>[] = [];
    for (let move = last; move !== null; move = move.previous) moves.push(move);
    const chosen = moves.reverse().flatMap(({ operation, after }) => [operation, ...answered(after)]);
    return { linearizable, order: [...answered(this.#first), ...chosen], state, configurations: this.#seen.size };
  }
}

/** Bits that are set, of 16. */
function ones(bits: number): number {
  let left = bits;
  let count = 0;
  for (; left !== 0; left &= left - 1) count += 1;
  return count;
}
