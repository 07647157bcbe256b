import type { JsonValue } from '@canswarm/ports';
import canonicalize from 'canonicalize';

/** Longest JSON text of an input or output, in bytes of UTF-8. */
export const JSON_BYTES_MAX = 4_194_304;
const DEPTH_MAX = 64;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why a value is no JSON, or null. Nothing is converted: a Date, a class or `undefined` in a list is a fault, not a text or null. */
export function jsonFault(value: unknown): string | null {
  return faultAt(value, '', new Set(), 1);
}

function faultAt(value: unknown, path: string, above: Set<object>, depth: number): string | null {
  const at = path === '' ? 'the value' : path;
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${at} is no finite number`;
  if (typeof value === 'string') return value.isWellFormed() ? null : `${at} is no well-formed text`;
  if (typeof value !== 'object') return `${at} is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}`;
  if (depth > DEPTH_MAX) return `${at} is nested deeper than ${DEPTH_MAX}`;
  if (above.has(value)) return `${at} contains itself`;
  above.add(value);
  const fault = Array.isArray(value) ? listFault(value, path, above, depth) : mapFault(value, path, above, depth);
  above.delete(value);
  return fault;
}

function listFault(value: readonly unknown[], path: string, above: Set<object>, depth: number): string | null {
  for (let index = 0; index < value.length; index++) {
    const fault = faultAt(value[index], `${path}/${index}`, above, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

function mapFault(value: object, path: string, above: Set<object>, depth: number): string | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Of another realm too: its Object.prototype has no prototype either.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return `${path === '' ? 'the value' : path} is a ${value.constructor?.name ?? 'class'}, not a plain object`;
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) return `${path} has a key that is no well-formed text`;
    if (item === undefined) continue;
    const fault = faultAt(item, `${path}/${key}`, above, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

/** The one text of a JSON value (RFC 8785). The value must have no `jsonFault`. */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** Reads JSON text; undefined when it is none. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return jsonFault(value) === null ? (value as JsonValue) : undefined;
  } catch {
    return undefined;
  }
}
