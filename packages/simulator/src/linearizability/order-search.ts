import { Events } from './events.ts';
import { Facts } from './facts.ts';
import type { Model, Operation, Relation } from './model.ts';
import { Prospects } from './prospects.ts';
import { Unanswered } from './unanswered.ts';
import { Visited } from './visited.ts';

/** How long and how wide a search may be. */
export interface Limits {
  /** Configurations that are remembered: a hundred bytes each, about. */
  readonly configurations: number;
  /** Asked now and then; true ends the search without a verdict. */
  readonly isOver: () => boolean;
}

/** What was done to one object. */
export interface ObjectHistory<Input, Output> {
  readonly key: string;
  readonly operations: readonly Operation<Input, Output>[];
}

/** How a search goes about it. */
export interface Manner {
  /** Unanswered operations that do this, by `effectOf`, are done as often as they were called; others may be done many times. */
  readonly counted: ReadonlySet<string>;
  /** Unanswered operations in a row that make no state which an answer tells of. */
  readonly blind: number;
  /** Whether it looks no further once some answer cannot come about. */
  readonly looksAhead: boolean;
}

/** What can be done next: an answered operation by its index, or the next of a sort that was never answered. */
interface Choice<Input, Output, State> {
  readonly answered: number;
  readonly sort: number;
  readonly operation: Operation<Input, Output>;
  readonly state: State;
  /** How many unanswered operations in a row made no state which an answer tells of, with this. */
  readonly blind: number;
}

/** What was chosen from one configuration, and what there is to choose. */
interface Frame<Input, Output, State> {
  readonly choices: readonly Choice<Input, Output, State>[];
  next: number;
  /** When the first answer came of what was not done. */
  readonly end: number;
  readonly before: State;
  /** Answered operations that change nothing and were done after the choice, by index. */
  after: number[];
}

/** An operation in its place; `end`: when the first answer came of what was not done before it. */
export interface Placed<Input, Output> {
  readonly operation: Operation<Input, Output>;
  readonly end: number;
}

/** Steps between two questions whether time is over. */
const STEPS_PER_LOOK = 256;
/** Answers that are looked ahead to. */
const AHEAD = 4;
/** The number of all states that nothing tells apart any more. */
const FORGOTTEN = -1;
const WORD = 16;
const NONE = -1;

/**
 * Searches for an order of the operations of one object, depth first, as Wing and Gong describe; no configuration is looked at twice, as
 * Lowe has it. What changes nothing is done as soon as it fits: where an order puts it later, it fits here too. So is what nothing tells of.
 */
export class OrderSearch<Input, Output, State> {
  readonly #model: Model<Input, Output, State>;
  readonly #answered: readonly Operation<Input, Output>[];
  readonly #facts: Facts<Input, Output>;
  readonly #sortRelations: readonly Relation[];
  readonly #prospects: Prospects;
  readonly #unanswered: Unanswered<Input, Output>;
  readonly #limits: Limits;
  readonly #looksAhead: boolean;
  readonly #blindMax: number;
  #isCut = false;
  readonly #events: Events;
  /** Answered operations done, a bit each. */
  readonly #done: Uint16Array;
  readonly #visited = new Visited();
  /** Numbers of states by their text, so that a configuration is named shortly. */
  readonly #states = new Map<string, number>();
  /** Answered operations done before any choice. */
  readonly #first: number[] = [];
  readonly #frames: Frame<Input, Output, State>[] = [];
  #state: State;
  /** Answered operations that are not done. */
  #due: number;
  /** The most that were done. */
  #most = -1;
  #best: { readonly order: readonly Placed<Input, Output>[]; readonly state: State };

  constructor(
    model: Model<Input, Output, State>,
    { key, operations }: ObjectHistory<Input, Output>,
    limits: Limits,
    { counted, blind, looksAhead }: Manner,
  ) {
    this.#looksAhead = looksAhead;
    this.#blindMax = blind;
    const isAnswered = ({ returned }: Operation<Input, Output>): boolean => returned !== Infinity;
    this.#model = model;
    this.#facts = new Facts(model, operations.filter(isAnswered));
    this.#answered = this.#facts.operations;
    const open = operations.filter((one) => !isAnswered(one) && model.changes(one.input, undefined));
    this.#unanswered = new Unanswered(open, (input) => model.effectOf(input, undefined), counted);
    this.#sortRelations = this.#unanswered.each.map(({ input }) => model.relationOf(input, undefined));
    this.#prospects = new Prospects(this.#facts.relations, this.#sortRelations);
    this.#limits = limits;
    this.#events = new Events(this.#answered);
    this.#done = new Uint16Array(Math.ceil(this.#answered.length / WORD));
    this.#state = model.initialOf(key);
    this.#due = this.#answered.length;
    this.#best = { order: [], state: this.#state };
  }

  get configurations(): number {
    return this.#visited.size;
  }

  /** The order found, or the longest where there is none; and the state that it leaves. */
  get best(): { readonly order: readonly Placed<Input, Output>[]; readonly state: State } {
    return this.#best;
  }

  /** Of the order found: sorts of unanswered operations that are done more often than they were called. */
  overdone(): readonly string[] {
    return this.#unanswered.overdone(this.#best.order);
  }

  /** Whether something was left out since it was blind: then that there is no order says nothing. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Whether there is an order; null: given up at a limit. */
  run(): boolean | null {
    this.#settle(this.#first);
    this.#push();
    for (let steps = 1; this.#due > 0; steps += 1) {
      const isOver = steps % STEPS_PER_LOOK === 0 && this.#limits.isOver();
      const frame = this.#frames.at(-1);
      if (isOver || frame === undefined || this.#visited.size > this.#limits.configurations) {
        this.#keepBest();
        return frame === undefined ? false : null;
      }
      const choice = frame.choices[frame.next];
      frame.next += 1;
      if (choice === undefined) {
        // Something had returned by here that fits nowhere: what was chosen last was wrong.
        this.#keepBest();
        this.#frames.pop();
        const last = this.#frames.at(-1);
        if (last !== undefined) this.#undo(last);
      } else if (this.#advance(frame, choice)) this.#push();
    }
    this.#keepBest();
    return true;
  }

  /** Opens a configuration: what can be done next, what is answered first before the rest, and what never was after all. */
  #push(): void {
    const { next, called } = this.#events;
    const indexes: number[] = [];
    let node = this.#events.first;
    for (let index = called[node] ?? NONE; index >= 0; index = called[node] ?? NONE) {
      if (this.#facts.changes[index] === true) indexes.push(index);
      node = next[node] ?? 0;
    }
    const end = this.#events.at[node] ?? Infinity;
    indexes.sort((a, b) => (this.#facts.ranks[a] ?? 0) - (this.#facts.ranks[b] ?? 0));
    const choices: Choice<Input, Output, State>[] = [];
    const [kinds, effects] = [new Set<number>(), new Set<string>()];
    for (const answered of indexes) {
      // Who takes the place of one that does the same and is answered later can do what it did.
      const kind = this.#facts.kinds[answered] ?? NONE;
      if (kinds.has(kind)) continue;
      kinds.add(kind);
      const operation = this.#answered[answered] as Operation<Input, Output>;
      const state = this.#model.step(this.#state, operation.input, operation.output);
      if (state === undefined) continue;
      effects.add(this.#facts.effects[answered] ?? '');
      if (!this.#isNeedless(operation, state)) choices.push({ answered, sort: NONE, operation, state, blind: 0 });
    }
    choices.push(...this.#openChoices(end, effects));
    this.#frames.push({ choices, next: 0, end, before: this.#state, after: [] });
  }

  /** What was called before `end` and never answered, but for what an answered one would do: first those that make what an answer tells of. */
  #openChoices(end: number, effects: ReadonlySet<string>): readonly Choice<Input, Output, State>[] {
    const last = this.#frames.at(-1);
    const before = last === undefined ? 0 : (chosen(last)?.blind ?? 0);
    const choices: Choice<Input, Output, State>[] = [];
    for (let sort = 0; sort < this.#unanswered.sorts; sort += 1) {
      const operation = this.#unanswered.due(sort, end);
      if (operation === undefined || effects.has(this.#unanswered.nameOf(sort))) continue;
      const state = this.#model.step(this.#state, operation.input, undefined);
      if (state === undefined || this.#isSame(state, this.#state) || this.#isNeedless(operation, state)) continue;
      const blind = before + (this.#prospects.isDue(this.#model.textOf(state)) ? 0 : 1);
      if (blind > this.#blindMax) this.#isCut = true;
      else choices.push({ answered: NONE, sort, operation, state, blind });
    }
    return choices.sort((a, b) => a.blind - b.blind);
  }

  /** Whether what was done last was never answered, and this could be done without it and leave the same. */
  #isNeedless({ input, output }: Operation<Input, Output>, state: State): boolean {
    const last = this.#frames.at(-1);
    const choice = last === undefined ? undefined : chosen(last);
    if (last === undefined || choice === undefined || choice.sort < 0 || last.after.length > 0) return false;
    const without = this.#model.step(last.before, input, output);
    return without !== undefined && this.#isSame(without, state);
  }

  #isSame(one: State, other: State): boolean {
    return one === other || this.#model.textOf(one) === this.#model.textOf(other);
  }

  /** Makes a choice, if nobody looked at what comes of it. */
  #advance(
    frame: Frame<Input, Output, State>,
    { answered, sort, state, blind }: Choice<Input, Output, State>,
  ): boolean {
    frame.after = [];
    if (answered >= 0) this.#take(answered);
    else this.#unanswered.count(sort, 1);
    this.#state = state;
    const left = this.#model.textOf(frame.before);
    const isLost = this.#looksAhead && left !== this.#model.textOf(state) && this.#prospects.isLost(left);
    if (!isLost) this.#settle(frame.after);
    const isHopeless = isLost || (this.#looksAhead && !this.#mayGoOn());
    this.#unanswered.blind = blind;
    if (!isHopeless && this.#visited.add(this.#name(), this.#unanswered.done)) return true;
    this.#undo(frame);
    return false;
  }

  /** Whether the next answers can still come about, by what is called until then. */
  #mayGoOn(): boolean {
    const { next, called, returned, at } = this.#events;
    const state = this.#model.textOf(this.#state);
    const calls: number[] = [];
    let left = AHEAD;
    for (let node = this.#events.first; node !== 0 && left > 0; node = next[node] ?? 0) {
      const index = called[node] ?? NONE;
      const back = returned[node] ?? NONE;
      if (index >= 0 && this.#facts.changes[index] === true) calls.push(index);
      if (back < 0) continue;
      left -= 1;
      if (!this.#mayAnswer(back, state, calls, at[node] ?? Infinity)) return false;
    }
    return true;
  }

  #mayAnswer(index: number, state: string, calls: readonly number[], end: number): boolean {
    const { finds } = this.#facts.relations[index] ?? {};
    const mayMake = ({ makes }: Relation): boolean => makes === 'any' || (makes !== undefined && makes.state === finds);
    const isFound =
      finds === undefined ||
      finds === state ||
      calls.some((call) => call !== index && mayMake(this.#facts.relations[call] ?? {})) ||
      this.#sortRelations.some((relation, sort) => mayMake(relation) && this.#unanswered.due(sort, end) !== undefined);
    if (!isFound || this.#model.mayAnswer === undefined) return isFound;
    const { input, output } = this.#answered[index] as Operation<Input, Output>;
    const made = calls.map((call) => this.#answered[call] as Operation<Input, Output>);
    return this.#model.mayAnswer(this.#state, [...made, ...this.#unanswered.dueBefore(end)], input, output);
  }

  /** Does all that fits now and changes nothing, and notes it. */
  #settle(after: number[]): void {
    const { next, called } = this.#events;
    let node = this.#events.first;
    for (let index = called[node] ?? NONE; index >= 0; index = called[node] ?? NONE) {
      const { input, output } = this.#answered[index] as Operation<Input, Output>;
      const state =
        this.#facts.changes[index] === false || this.#isForgettable(index)
          ? this.#model.step(this.#state, input, output)
          : undefined;
      if (state === undefined) {
        node = next[node] ?? 0;
        continue;
      }
      this.#state = state;
      this.#take(index);
      after.push(index);
      // What returned is gone, so that more may have been called in time.
      node = this.#events.first;
    }
  }

  /** Whether nothing tells that it was done now, rather than whenever else nothing will. */
  #isForgettable(index: number): boolean {
    const { finds, watches, makes } = this.#facts.relations[index] ?? {};
    if (finds !== undefined || watches !== undefined || makes === undefined || makes === 'any') return false;
    const prospects = this.#prospects;
    return (
      prospects.isPlain && prospects.isForgotten(makes.state) && prospects.isForgotten(this.#model.textOf(this.#state))
    );
  }

  /** Takes back what was chosen last in a frame. */
  #undo(frame: Frame<Input, Output, State>): void {
    for (const index of frame.after.toReversed()) this.#putBack(index);
    frame.after = [];
    this.#state = frame.before;
    const choice = chosen(frame);
    if (choice === undefined) return;
    if (choice.answered >= 0) this.#putBack(choice.answered);
    else this.#unanswered.count(choice.sort, -1);
  }

  #take(index: number): void {
    this.#flip(index);
    this.#prospects.take(index);
    this.#events.take(index);
    this.#due -= 1;
  }

  #putBack(index: number): void {
    this.#flip(index);
    this.#prospects.putBack(index);
    this.#due += 1;
    this.#events.putBack(index);
  }

  #flip(index: number): void {
    const word = Math.floor(index / WORD);
    this.#done[word] = (this.#done[word] ?? 0) ^ (1 << (index % WORD));
  }

  /** The configuration as text: what is done after the first that is not, and the state. */
  #name(): string {
    const { first, called } = this.#events;
    const base = called[first] ?? NONE;
    const text = this.#model.textOf(this.#state);
    const number = this.#prospects.isForgotten(text) ? FORGOTTEN : (this.#states.get(text) ?? this.#states.size);
    if (number !== FORGOTTEN) this.#states.set(text, number);
    let name = `${number} ${base} `;
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
    const done = this.#answered.length - this.#due;
    if (done <= this.#most) return;
    this.#most = done;
    const placed = (indexes: readonly number[], end: number): readonly Placed<Input, Output>[] =>
      indexes.map((index) => ({ operation: this.#answered[index] as Operation<Input, Output>, end }));
    const order = this.#frames.flatMap((frame) => {
      const choice = chosen(frame);
      const isDone = choice !== undefined && frame !== this.#frames.at(-1);
      return isDone ? [{ operation: choice.operation, end: frame.end }, ...placed(frame.after, frame.end)] : [];
    });
    this.#best = { order: [...placed(this.#first, Infinity), ...order], state: this.#state };
  }
}

/** What is done of a frame. */
const chosen = <Input, Output, State>({ choices, next }: Frame<Input, Output, State>) => choices[next - 1];

/** Bits that are set, of 16. */
function ones(bits: number): number {
  let left = bits;
  let count = 0;
  for (; left !== 0; left &= left - 1) count += 1;
  return count;
}
