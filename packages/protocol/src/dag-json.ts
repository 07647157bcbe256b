import { base64 } from 'multiformats/bases/base64';
import { compareText, plainBytes } from './bytes.ts';
import { DAG_DEPTH_MAX, type DagMap, type DagValue, isList, isMap, Link, setField } from './cbor/value.ts';
import { parseCid } from './cid.ts';

/**
 * DAG-JSON, the view for people: links are {"/":"<cid>"}, bytes {"/":{"bytes":"<base64>"}}, keys sorted by their bytes, no
 * white space. A map with the key "/" has no such form.
 */

const UNPRINTABLE = Symbol('unprintable');

/** Lists and maps around a value when an entry is shown decoded: a payload within an envelope within evidence. */
const DEPTH_MAX = DAG_DEPTH_MAX + 8;

function print(value: DagValue | undefined): string {
  if (value === undefined) throw new TypeError('not a value of the data model');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (value instanceof Link) return `{"/":${JSON.stringify(value.cid)}}`;
  if (value instanceof Uint8Array) return `{"/":{"bytes":"${base64.encode(value).slice(1)}"}}`;
  if (isList(value)) return `[${value.map(print).join(',')}]`;
  const keys = Object.keys(value).sort(compareText);
  if (keys.includes('/')) throw UNPRINTABLE;
  return `{${keys.map((key) => `${JSON.stringify(key)}:${print(value[key])}`).join(',')}}`;
}

/** The one line that shows a value, or undefined when it holds a map with the key "/". */
export function toDagJson(value: DagValue): string | undefined {
  try {
    return print(value);
  } catch (fault) {
    if (fault === UNPRINTABLE) return undefined;
    throw fault;
  }
}

function readSpecial(inner: unknown): DagValue | undefined {
  if (typeof inner === 'string') {
    const cid = parseCid(inner);
    return cid === undefined ? undefined : new Link(cid);
  }
  if (typeof inner !== 'object' || inner === null || !('bytes' in inner) || typeof inner.bytes !== 'string')
    return undefined;
  try {
    return plainBytes(base64.decode(`m${inner.bytes}`));
  } catch {
    return undefined;
  }
}

function read(json: unknown, depth: number): DagValue | undefined {
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number') return Number.isSafeInteger(json) ? json : undefined;
  if (typeof json !== 'object' || depth > DEPTH_MAX) return undefined;
  if (Array.isArray(json)) {
    const list: DagValue[] = [];
    for (const item of json) {
      const value = read(item, depth + 1);
      if (value === undefined) return undefined;
      list.push(value);
    }
    return list;
  }
  if (Object.hasOwn(json, '/')) return readSpecial((json as { readonly '/': unknown })['/']);
  const map: Record<string, DagValue> = {};
  for (const [key, item] of Object.entries(json)) {
    const value = read(item, depth + 1);
    if (value === undefined) return undefined;
    setField(map, key, value);
  }
  return map;
}

/** The value a line shows; undefined for any line that `toDagJson` would not have printed. */
export function fromDagJson(line: string): DagValue | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const value = read(json, 0);
  return value !== undefined && toDagJson(value) === line ? value : undefined;
}

/** The fields of a map when they are exactly these. */
export function exactFields<const K extends string>(
  value: DagValue | undefined,
  keys: readonly K[],
): (DagMap & Readonly<Record<K, DagValue>>) | undefined {
  if (!isMap(value) || Object.keys(value).length !== keys.length) return undefined;
  return keys.every((key) => Object.hasOwn(value, key)) ? (value as DagMap & Record<K, DagValue>) : undefined;
}
