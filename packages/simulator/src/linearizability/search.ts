import type { Model, Operation } from './model.ts';

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
const STEPS_PER_LOOK = 1_024;
const WORD = 16;

/**
 * Searches for an order of the operations of one object that keeps to real time and to the model, as Wing and Gong do, remembering
 * each configuration (operations done, state) as Lowe does: none is looked at twice. Exponential in the operations that overlap.
 */
export function search<Input, Output, State>(
  model: Model<Input, Output, State>,
  operations: readonly Operation<Input, Output>[],
  limits: Limits,
): Found<Input, Output, State> {
  return new Search(model, operations, limits).run();
}

/** Calls and returns in the order of the history, as a list from which operations are taken out and put back. Node 0 is its head. */
class Events {
  readonly next: Int32Array;
  readonly prev: Int32Array;
  /** Of a call its operation; of a return -1. */
  readonly called: Int32Array;
  /** By operation: the nodes of its call and its return. */
  readonly #nodes: { readonly call: number; readonly back: number }[];

  constructor(operations: readonly Operation<unknown, unknown>[]) {
    const events = operations.flatMap(({ called, returned }, index) => [
      { at: called, index, isCall: true },
      { at: returned, index, isCall: false },
    ]);
    events.sort((a, b) => (a.at === b.at ? a.index - b.index : a.at - b.at));
    this.next = new Int32Array(events.length + 1);
    this.prev = new Int32Array(events.length + 1);
    this.called = new Int32Array(events.length + 1).fill(-1);
    const [calls, backs] = [new Int32Array(operations.length), new Int32Array(operations.length)];
    for (const [at, { index, isCall }] of events.entries()) {
      const node = at + 1;
      this.prev[node] = node - 1;
      this.next[node - 1] = node;
      if (isCall) this.called[node] = index;
      (isCall ? calls : backs)[index] = node;
    }
    this.#nodes = operations.map((_, index) => ({ call: calls[index] ?? 0, back: backs[index] ?? 0 }));
  }

  take(operation: number): void {
    const { call, back } = this.#nodes[operation] ?? { call: 0, back: 0 };
    this.#unlink(call);
    this.#unlink(back);
  }

  /** Puts back what was taken last. */
  putBack(operation: number): number {
    const { call, back } = this.#nodes[operation] ?? { call: 0, back: 0 };
    this.#link(back);
    this.#link(call);
    return call;
  }

  #unlink(node: number): void {
    const [prev = 0, next = 0] = [this.prev[node], this.next[node]];
    this.next[prev] = next;
    if (next !== 0) this.prev[next] = prev;
  }

  #link(node: number): void {
    const [prev = 0, next = 0] = [this.prev[node], this.next[node]];
    this.next[prev] = node;
    if (next !== 0) this.prev[next] = node;
  }
}

class Search<Input, Output, State> {
  readonly #model: Model<Input, Output, State>;
  readonly #operations: readonly Operation<Input, Output>[];
  readonly #limits: Limits;
  readonly #events: Events;
  /** Operations done, a bit each. */
  readonly #done: Uint16Array;
  readonly #seen = new Set<string>();
  /** Numbers of states by their text, so that a configuration is named shortly. */
  readonly #states = new Map<string, number>();
  readonly #path: { readonly operation: number; readonly before: State }[] = [];
  #state: State;
  /** Answered operations that are not done. */
  #due: number;
  #best: { readonly order: readonly number[]; readonly state: State };

  constructor(model: Model<Input, Output, State>, operations: readonly Operation<Input, Output>[], limits: Limits) {
    this.#model = model;
    this.#operations = operations.filter(({ input, returned }) => returned !== Infinity || model.changes(input));
    this.#limits = limits;
    this.#events = new Events(this.#operations);
    this.#done = new Uint16Array(Math.ceil(this.#operations.length / WORD));
    this.#state = model.initial;
    this.#due = this.#operations.filter(({ returned }) => returned !== Infinity).length;
    this.#best = { order: [], state: model.initial };
  }

  run(): Found<Input, Output, State> {
    const { next, called } = this.#events;
    let node = next[0] ?? 0;
    for (let steps = 1; this.#due > 0; steps += 1) {
      if (steps % STEPS_PER_LOOK === 0 && this.#limits.isOver()) return this.#found(null);
      if (this.#seen.size > this.#limits.configurations) return this.#found(null);
      const operation = called[node] ?? -1;
      if (operation >= 0) {
        node = this.#advance(operation) ? (next[0] ?? 0) : (next[node] ?? 0);
        continue;
      }
      // Something had returned by here that fits nowhere: what was done last was wrong.
      const last = this.#path.pop();
      if (last === undefined) return this.#found(false);
      this.#undo(last);
      node = next[this.#events.putBack(last.operation)] ?? 0;
    }
    return this.#found(true);
  }

  /** Does an operation now, if the model allows it and nobody looked at what comes of it. */
  #advance(operation: number): boolean {
    const { input, output, returned } = this.#operations[operation] as Operation<Input, Output>;
    const state = this.#model.step(this.#state, input, output);
    if (state === undefined) return false;
    this.#flip(operation);
    const name = this.#nameOf(state);
    if (this.#seen.has(name)) {
      this.#flip(operation);
      return false;
    }
    this.#seen.add(name);
    this.#path.push({ operation, before: this.#state });
    this.#state = state;
    this.#events.take(operation);
    if (returned !== Infinity) this.#due -= 1;
    if (this.#path.length > this.#best.order.length)
      this.#best = { order: this.#path.map((step) => step.operation), state };
    return true;
  }

  #undo({ operation, before }: { readonly operation: number; readonly before: State }): void {
    this.#flip(operation);
    this.#state = before;
    if (this.#operations[operation]?.returned !== Infinity) this.#due += 1;
  }

  #flip(operation: number): void {
    const word = Math.floor(operation / WORD);
    this.#done[word] = (this.#done[word] ?? 0) ^ (1 << (operation % WORD));
  }

  #nameOf(state: State): string {
    const text = this.#model.textOf(state);
    const number = this.#states.get(text) ?? this.#states.size;
    this.#states.set(text, number);
    return `${String.fromCharCode(...this.#done)}${number}`;
  }

  #found(linearizable: boolean | null): Found<Input, Output, State> {
    const here = { order: this.#path.map(({ operation }) => operation), state: this.#state };
    const { order, state } = linearizable === true ? here : this.#best;
    const operations = order.flatMap((index) => this.#operations[index] ?? []);
    return { linearizable, order: operations, state, configurations: this.#seen.size };
  }
}
