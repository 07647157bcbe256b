import type { Operation } from './model.ts';

/**
 * Calls and returns of answered operations in the order of the history, as a list from which operations are taken out and put back.
 * Node 0 is its head, and what follows the last.
 */
export class Events {
  readonly next: Int32Array;
  readonly #prev: Int32Array;
  /** Of a call its operation; of a return -1. */
  readonly called: Int32Array;
  /** Of a return its operation; of a call -1. */
  readonly returned: Int32Array;
  readonly at: Float64Array;
  readonly #calls: Int32Array;
  readonly #returns: Int32Array;

  constructor(operations: readonly Operation<unknown, unknown>[]) {
    const events = operations.flatMap(({ called, returned }, index) => [
      { at: called, index, isCall: true },
      { at: returned, index, isCall: false },
    ]);
    events.sort((a, b) => (a.at === b.at ? a.index - b.index : a.at - b.at));
    this.next = new Int32Array(events.length + 1);
    this.#prev = new Int32Array(events.length + 1);
    this.called = new Int32Array(events.length + 1).fill(-1);
    this.returned = new Int32Array(events.length + 1).fill(-1);
    this.at = new Float64Array(events.length + 1).fill(Infinity);
    this.#calls = new Int32Array(operations.length);
    this.#returns = new Int32Array(operations.length);
    for (const [place, { at, index, isCall }] of events.entries()) {
      const node = place + 1;
      this.#prev[node] = place;
      this.next[place] = node;
      this.at[node] = at;
      (isCall ? this.called : this.returned)[node] = index;
      (isCall ? this.#calls : this.#returns)[index] = node;
    }
  }

  /** The first of what is in the list; 0 where nothing is. */
  get first(): number {
    return this.next[0] ?? 0;
  }

  take(operation: number): void {
    this.#unlink(this.#calls[operation] ?? 0);
    this.#unlink(this.#returns[operation] ?? 0);
  }

  /** Puts back what was taken last; returns what comes after its call. */
  putBack(operation: number): number {
    const call = this.#calls[operation] ?? 0;
    this.#link(this.#returns[operation] ?? 0);
    this.#link(call);
    return this.next[call] ?? 0;
  }

  #unlink(node: number): void {
    const [prev = 0, next = 0] = [this.#prev[node], this.next[node]];
    this.next[prev] = next;
    if (next !== 0) this.#prev[next] = prev;
  }

  #link(node: number): void {
    const [prev = 0, next = 0] = [this.#prev[node], this.next[node]];
    this.next[prev] = node;
    if (next !== 0) this.#prev[next] = node;
  }
}
