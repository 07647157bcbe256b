/** A kind of vector: how its cases are made, and how one is judged from its committed data alone. */
export interface Kind<Case extends object> {
  readonly kind: string;
  readonly about: string;
  generate(): readonly Case[];
  /** Throws (by an assertion) when this implementation does not do what the case says. */
  judge(vector: Case): void;
}

/** A kind whose cases are only objects to the runner: the file's cases are those that the kind once wrote. */
export interface AnyKind {
  readonly kind: string;
  readonly about: string;
  generate(): readonly object[];
  judge(vector: object): void;
}

export const defineKind = <Case extends object>(kind: Kind<Case>): AnyKind => ({
  ...kind,
  judge: (vector) => kind.judge(vector as Case),
});

/** A committed file of vectors. */
export interface VectorFile {
  readonly kind: string;
  readonly about: string;
  readonly cases: readonly object[];
}

/** The text of a kind's file. */
export function fileText(kind: AnyKind): string {
  const file: VectorFile = { kind: kind.kind, about: kind.about, cases: kind.generate() };
  return `${JSON.stringify(file, null, 1)}\n`;
}
