import type { Operation } from './model.ts';

/**
 * Operations that were never answered. Those that ask for the same are done in the order of their calls, since who takes the place of
 * a later one can do what it did: so how many of each sort are done says which.
 */
export class Unanswered<Input, Output> {
  readonly #sorts: readonly (readonly Operation<Input, Output>[])[];
  readonly #done: Uint32Array;

  constructor(operations: readonly Operation<Input, Output>[]) {
    const sorts = Map.groupBy(operations, ({ input }) => JSON.stringify(input));
    this.#sorts = [...sorts.values()].map((sort) => sort.toSorted((a, b) => a.called - b.called));
    this.#done = new Uint32Array(this.#sorts.length);
  }

  get sorts(): number {
    return this.#sorts.length;
  }

  /** The next of a sort, if it was called before `end`. */
  due(sort: number, end: number): Operation<Input, Output> | undefined {
    const next = this.#sorts[sort]?.[this.#done[sort] ?? 0];
    return next !== undefined && next.called < end ? next : undefined;
  }

  /** What is asked for by those that were called before `end` and are not done. */
  dueBefore(end: number): readonly Input[] {
    return this.#sorts.flatMap((_, sort) => this.due(sort, end)?.input ?? []);
  }

  /** Does the next of a sort, or undoes the last: `change` is 1 or -1. */
  count(sort: number, change: number): void {
    this.#done[sort] = (this.#done[sort] ?? 0) + change;
  }

  /** What is done, as text. */
  name(): string {
    let text = '';
    for (const [sort, done] of this.#done.entries()) if (done > 0) text += `${sort}*${done} `;
    return text;
  }
}
