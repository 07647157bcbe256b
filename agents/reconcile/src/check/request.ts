import type { Bundle } from '@canswarm/agent';
import { DELIMITERS, type Delimiter } from '@canswarm/csv';
import { type Figure, figureOf } from './figure.ts';

/** A pair of names of columns: in the left table, in the right one. */
export type Names = readonly [left: string, right: string];

export interface WantedColumn {
  readonly names: Names;
  /** As it was asked for, and as a number; null: compared as text. */
  readonly tolerance: { readonly text: string; readonly figure: Figure } | null;
}

/** What the input asks for, as the check reads it. */
export interface Request {
  readonly files: Names;
  readonly delimiters: readonly [left: Delimiter | null, right: Delimiter | null];
  readonly keys: readonly Names[];
  /** Null: all that both tables have. */
  readonly compare: readonly WantedColumn[] | null;
  readonly ignoreCase: boolean;
  readonly trim: boolean;
}

/** An input that nobody could work on. */
class NoRequest extends Error {}

/** Reads an input; a text says why it is none. */
export function readRequest({ value, files }: Bundle): Request | string {
  try {
    return requestOf(new Map(Object.entries(fieldsOf(value, 'it'))), files.names());
  } catch (error) {
    if (error instanceof NoRequest) return error.message;
    throw error;
  }
}

function requestOf(fields: ReadonlyMap<string, unknown>, names: readonly string[]): Request {
  const file = (side: string): string => {
    const name = fields.get(side) ?? side;
    if (typeof name === 'string' && names.includes(name)) return name;
    throw new NoRequest(`it has no file for the ${side} table`);
  };
  const keys = listOf(fields.get('keys'), 'keys').map((key) => namesOf(key, false));
  if (keys.length === 0) throw new NoRequest('it has no keys');
  const compare = fields.get('compare');
  return {
    files: [file('left'), file('right')],
    delimiters: [delimiterOf(fields.get('leftDelimiter')), delimiterOf(fields.get('rightDelimiter'))],
    keys,
    compare: compare === undefined ? null : listOf(compare, 'compare').map(wantedOf),
    ignoreCase: fields.get('ignoreCase') === true,
    trim: fields.get('trim') !== false,
  };
}

function fieldsOf(value: unknown, what: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new NoRequest(`${what} is no object`);
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new NoRequest(`${what} is no list`);
}

function namesOf(value: unknown, rightMayLack: boolean): Names {
  if (typeof value === 'string') return [value, value];
  const fields = new Map<string, unknown>(Object.entries(fieldsOf(value, 'a pair of columns')));
  const left = fields.get('left');
  const right = fields.get('right') ?? (rightMayLack ? left : undefined);
  if (typeof left === 'string' && typeof right === 'string') return [left, right];
  throw new NoRequest('a pair of columns has not two names');
}

function wantedOf(value: unknown): WantedColumn {
  const names = namesOf(value, true);
  const text = new Map<string, unknown>(Object.entries(Object(value))).get('tolerance');
  if (typeof value === 'string' || text === undefined) return { names, tolerance: null };
  const figure = typeof text === 'string' && /^[0-9]/.test(text) ? figureOf(text) : null;
  if (typeof text !== 'string' || figure === null) throw new NoRequest('a tolerance is no decimal');
  return { names, tolerance: { text, figure } };
}

function delimiterOf(value: unknown): Delimiter | null {
  if (value === undefined) return null;
  const known = DELIMITERS.find((one) => one === value);
  if (known === undefined) throw new NoRequest('a delimiter is none');
  return known;
}
