import type { Bundle } from '@canswarm/agent';
import { DELIMITERS, type Delimiter } from '@canswarm/csv';

const KNOWN_RULES = [
  'header',
  'fit',
  'trim',
  'collapse',
  'empty',
  'date',
  'number',
  'drop-empty',
  'drop-duplicate',
] as const;
export type RuleName = (typeof KNOWN_RULES)[number];

/** What the input asks for, as the check reads it. */
export interface Request {
  readonly file: string;
  readonly delimiter: Delimiter | null;
  asks(rule: RuleName): boolean;
  readonly markers: readonly string[];
  readonly decimalMark: string | null;
  readonly keep: readonly string[];
}

/** Reads an input; a text says why it is none that anybody could work on. */
export function readRequest({ value, files }: Bundle): Request | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no object';
  const fields = new Map<string, unknown>(Object.entries(value));
  const rules = texts(fields.get('rules')) ?? KNOWN_RULES;
  const unknown = rules.find((rule) => !KNOWN_RULES.includes(rule as RuleName));
  if (unknown !== undefined) return `there is no rule "${unknown}"`;
  const delimiter = fields.get('delimiter') ?? null;
  if (delimiter !== null && !isDelimiter(delimiter)) return 'its delimiter is none';
  const decimalMark = fields.get('decimalMark') ?? null;
  if (decimalMark !== null && decimalMark !== '.' && decimalMark !== ',') return 'its decimal mark is none';
  const names = files.names();
  const file = fields.get('file') ?? (names.length === 1 ? names[0] : undefined);
  if (typeof file !== 'string' || !names.includes(file)) return 'it does not say which of its files is the table';
  return {
    file,
    delimiter,
    asks: (rule) => rules.includes(rule),
    markers: texts(fields.get('markers')) ?? ['NA', 'N/A', '-', 'null'],
    decimalMark,
    keep: texts(fields.get('keep')) ?? [],
  };
}

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;

const isDelimiter = (value: unknown): value is Delimiter => DELIMITERS.some((one) => one === value);
