/** One passage of a source of the law, and what stands there instead. */
export interface Edit {
  /** Below `src`. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly put: string;
}

/** A bug that is planted in the law, and the property that must find it. */
export interface Planted {
  readonly id: string;
  readonly property: string;
  /** Found in histories of networks with a policy. */
  readonly policed?: boolean;
  readonly edits: readonly Edit[];
}

/** One edit, the usual case. */
export const bug = (id: string, property: string, file: string, find: string, put: string): Planted => ({
  id,
  property,
  edits: [{ file, find, put }],
});
