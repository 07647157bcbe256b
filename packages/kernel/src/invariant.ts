/** A broken invariant: the law itself is wrong or its state was damaged. The node stops; it never goes on wrong. */
export class InvariantError extends Error {
  readonly id: string;

  constructor(id: string, detail: string) {
    super(`${id} does not hold: ${detail}`);
    this.name = 'InvariantError';
    this.id = id;
  }
}

/** Asserts an invariant of `spec/09-invariants.md` by its id. */
export function invariant(id: string, holds: boolean, detail: string): asserts holds {
  if (!holds) throw new InvariantError(id, detail);
}
