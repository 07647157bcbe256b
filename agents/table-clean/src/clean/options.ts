import type { Files } from '@canswarm/agent';
import type { Delimiter } from '@canswarm/csv';

/** What may be done to cells, in the order in which it is done. */
export const CELL_RULES = ['trim', 'collapse', 'empty', 'date', 'number'] as const;
export type CellRule = (typeof CELL_RULES)[number];
/** All that may be asked for. */
export const RULES = ['header', 'fit', ...CELL_RULES, 'drop-empty', 'drop-duplicate'] as const;
type Rule = (typeof RULES)[number];

export const DECIMAL_MARKS = ['.', ','] as const;
export type DecimalMark = (typeof DECIMAL_MARKS)[number];

const MARKERS: readonly string[] = ['NA', 'N/A', '-', 'null'];

/** An input that fits the schema. */
export interface CleanInput {
  readonly file?: string;
  readonly delimiter?: Delimiter;
  readonly rules?: readonly Rule[];
  readonly markers?: readonly string[];
  readonly decimalMark?: DecimalMark;
  readonly keep?: readonly string[];
}

export interface CleanOptions {
  /** Null: guessed. */
  readonly delimiter: Delimiter | null;
  readonly rules: ReadonlySet<Rule>;
  /** Those of `rules` that are for cells, in their order. */
  readonly cellRules: readonly CellRule[];
  /** Cells that say that there is nothing. */
  readonly markers: ReadonlySet<string>;
  /** Null: whatever the column shows. */
  readonly decimalMark: DecimalMark | null;
  /** Names of columns whose cells stay as they are. */
  readonly keep: ReadonlySet<string>;
}

export function optionsOf(input: CleanInput): CleanOptions {
  const rules = new Set<Rule>(input.rules ?? RULES);
  return {
    delimiter: input.delimiter ?? null,
    rules,
    cellRules: CELL_RULES.filter((rule) => rules.has(rule)),
    markers: new Set(input.markers ?? MARKERS),
    decimalMark: input.decimalMark ?? null,
    keep: new Set(input.keep),
  };
}

/** The file that is to be cleaned. Throws where the input does not say which, or has none of that name. */
export function fileOf({ file }: CleanInput, files: Files): string {
  const names = files.names();
  if (file === undefined) {
    const [only] = names;
    if (only !== undefined && names.length === 1) return only;
    throw new Error(`the input has ${names.length} files: name the table with "file", or give it alone`);
  }
  if (names.includes(file)) return file;
  throw new Error(`the input has no file ${JSON.stringify(file)}: give it along, or name one of those that are there`);
}
