import { TYPES } from '../rules.ts';
import { matcherOf } from './selectors.ts';
import type { Tree } from './tree.ts';

type Matcher = (tree: Tree) => Uint8Array;

/** A field as it is asked for. */
export interface AskedField {
  readonly name: string;
  readonly matcher: Matcher | undefined;
  readonly attribute: string | undefined;
  readonly type: string;
  readonly required: boolean;
}

/** The request as the check reads it. */
export interface Asked {
  readonly everyTable: boolean;
  readonly rows: Matcher | undefined;
  readonly fields: readonly AskedField[] | undefined;
  readonly base: string | undefined;
}

/** Reads the request's value; why it is none as a text. */
export function readAsked(value: unknown): Asked | string {
  if (!isObject(value)) return 'it is no object';
  const { rows, fields, tables, base } = value;
  const unknown = Object.keys(value).find((key) => !['rows', 'fields', 'tables', 'base'].includes(key));
  if (unknown !== undefined) return `it has a member ${JSON.stringify(unknown)}`;
  if (tables !== undefined) {
    const alone = tables === true && rows === undefined && fields === undefined && base === undefined;
    return alone ? { everyTable: true, rows: undefined, fields: undefined, base } : 'it asks for every table and more';
  }
  if (base !== undefined && (typeof base !== 'string' || !URL.canParse(base))) return 'its base is no address';
  const matcher = rows === undefined ? undefined : typeof rows === 'string' ? matcherOf(rows) : undefined;
  if (rows !== undefined && (matcher === undefined || fields === undefined)) return 'its rows are none';
  if (fields === undefined) return { everyTable: false, rows: undefined, fields: undefined, base };
  if (!Array.isArray(fields) || fields.length === 0) return 'its fields are none';
  const read: AskedField[] = [];
  for (const field of fields) {
    const one = readField(field);
    if (one === undefined) return `its field ${read.length + 1} is none`;
    read.push(one);
  }
  return { everyTable: false, rows: matcher, fields: read, base };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readField(field: unknown): AskedField | undefined {
  if (!isObject(field)) return undefined;
  const { name, selector, attribute, type = 'text', required = false } = field;
  if (typeof name !== 'string' || name === '' || typeof required !== 'boolean') return undefined;
  if (typeof type !== 'string' || !(TYPES as readonly string[]).includes(type)) return undefined;
  const matcher = typeof selector === 'string' ? matcherOf(selector) : undefined;
  if (selector !== undefined && matcher === undefined) return undefined;
  if (attribute !== undefined && typeof attribute !== 'string') return undefined;
  const small = attribute?.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return { name, matcher, attribute: small, type, required };
}
