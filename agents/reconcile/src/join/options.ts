import type { Delimiter } from '@canswarm/csv';

export type Side = 'left' | 'right';

/** An input that fits the schema. */
export interface ReconcileInput {
  /** Name of the file; `left`, `right` when it is not said. */
  readonly left?: string;
  readonly right?: string;
  readonly leftDelimiter?: Delimiter;
  readonly rightDelimiter?: Delimiter;
  readonly keys: readonly (string | NamedPair)[];
  readonly compare?: readonly (string | ComparedPair)[];
  readonly ignoreCase?: boolean;
  readonly trim?: boolean;
}

export interface NamedPair {
  readonly left: string;
  readonly right: string;
}

interface ComparedPair {
  readonly left: string;
  readonly right?: string;
  readonly tolerance?: string;
}

/** A pair of columns to compare by their names. */
export interface WantedPair extends NamedPair {
  readonly tolerance: string | null;
}

/** The name of a side's file. */
export const fileOf = (side: Side, input: ReconcileInput): string => input[side] ?? side;

export const keysOf = ({ keys }: ReconcileInput): readonly NamedPair[] =>
  keys.map((key) => (typeof key === 'string' ? { left: key, right: key } : key));

/** Null: whatever both tables have. */
export function wantedOf({ compare }: ReconcileInput): readonly WantedPair[] | null {
  if (compare === undefined) return null;
  return compare.map((one) => {
    const { left, right = left, tolerance = null } = typeof one === 'string' ? { left: one } : one;
    return { left, right, tolerance };
  });
}

/** How cells are made alike before they are compared. */
export function normaliser({ trim = true, ignoreCase = false }: ReconcileInput): (cell: string) => string {
  const bare = trim ? (cell: string) => cell.trim() : (cell: string) => cell;
  return ignoreCase ? remembering((cell) => bare(cell).toUpperCase()) : bare;
}

/** A long cell may be compared with many others: what it becomes is made once. */
function remembering(made: (cell: string) => string): (cell: string) => string {
  const known = new Map<string, string>();
  return (cell) => {
    const found = known.get(cell) ?? made(cell);
    known.set(cell, found);
    return found;
  };
}
