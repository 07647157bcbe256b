import type { Operation } from './model.ts';

/**
 * Operations that were never answered, by what they do. Those that do the same are done in the order of their calls, since who takes the
 * place of a later one can do what it did: so how many of each sort are done says which.
 *
 * Only of the sorts that are counted is each done once: one of another sort may be done again and again once the first of them was called.
 */
export class Unanswered<Input, Output> {
  readonly #sorts: readonly (readonly Operation<Input, Output>[])[];
  readonly #names: readonly string[];
  readonly #isCounted: readonly boolean[];
  readonly #done: Uint16Array;

  /** `nameOf`: the same for those that do the same. `counted`: names of sorts. */
  constructor(
    operations: readonly Operation<Input, Output>[],
    nameOf: (input: Input) => string,
    counted: ReadonlySet<string>,
  ) {
    const sorts = Map.groupBy(operations, ({ input }) => nameOf(input));
    this.#names = [...sorts.keys()];
    this.#sorts = [...sorts.values()].map((sort) => sort.toSorted((a, b) => a.called - b.called));
    this.#isCounted = this.#names.map((name) => counted.has(name));
    this.#done = new Uint16Array(this.#sorts.length + 1);
  }

  get sorts(): number {
    return this.#sorts.length;
  }

  /** The first of each sort. */
  get each(): readonly Operation<Input, Output>[] {
    return this.#sorts.flatMap(([first]) => first ?? []);
  }

  nameOf(sort: number): string {
    return this.#names[sort] ?? '';
  }

  /** The next of a sort, if it was called before `end`. */
  due(sort: number, end: number): Operation<Input, Output> | undefined {
    const next = this.#sorts[sort]?.[this.#isCounted[sort] === true ? (this.#done[sort] ?? 0) : 0];
    return next !== undefined && next.called < end ? next : undefined;
  }

  /** Those that were called before `end` and are not done, one of each sort. */
  dueBefore(end: number): readonly Operation<Input, Output>[] {
    return this.#sorts.flatMap((_, sort) => this.due(sort, end) ?? []);
  }

  /** Does the next of a sort, or undoes the last: `change` is 1 or -1. */
  count(sort: number, change: 1 | -1): void {
    if (this.#isCounted[sort] === true) this.#done[sort] = (this.#done[sort] ?? 0) + change;
  }

  /** How many were done last that made nothing which somebody found. */
  set blind(many: number) {
    this.#done[this.#sorts.length] = many;
  }

  /** How many of each sort are done, and at last how many blindly. */
  get done(): Uint16Array {
    return this.#done;
  }

  /** Operations of an order that are done though none of their sort was left that had been called: names of their sorts. */
  overdone(
    order: readonly { readonly operation: Operation<Input, Output>; readonly end: number }[],
  ): readonly string[] {
    const used = new Map<Operation<Input, Output>, number>();
    const over = new Set<string>();
    const sortOf = new Map(this.#sorts.map((sort, index) => [sort[0], index] as const));
    for (const { operation, end } of order) {
      const sort = sortOf.get(operation);
      if (sort === undefined || this.#isCounted[sort] === true) continue;
      const times = used.get(operation) ?? 0;
      used.set(operation, times + 1);
      const own = this.#sorts[sort]?.[times];
      if (own === undefined || own.called >= end) over.add(this.nameOf(sort));
    }
    return [...over];
  }
}
