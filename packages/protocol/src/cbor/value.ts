import type { Cid } from '../ids.ts';

/** A link of the data model: DAG-CBOR tag 42. */
export class Link {
  readonly cid: Cid;

  constructor(cid: Cid) {
    this.cid = cid;
  }
}

/** The link to a CID, to be put into a record. */
export const linkOf = (cid: Cid): Link => new Link(cid);

export interface DagMap {
  readonly [key: string]: DagValue;
}

/**
 * What a block of this network may hold: the IPLD data model without floats, integers within +-(2^53 - 1), links to CIDs of
 * this network.
 */
export type DagValue = null | boolean | number | string | Uint8Array | Link | readonly DagValue[] | DagMap;

/** Deepest nesting of lists and maps, the outermost being 1. */
export const DAG_DEPTH_MAX = 32;

/** True for a map of the data model: no list, bytes, link or null. */
export function isMap(value: DagValue | undefined): value is DagMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Link)
  );
}

/** True for a list of the data model. */
export function isList(value: DagValue | undefined): value is readonly DagValue[] {
  return Array.isArray(value);
}

/** The field of a map if it is its own: names such as `constructor` are never inherited. */
export function ownField(map: DagMap, key: string): DagValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Sets an own field whatever its name: `__proto__` must be data here too. */
export function setField(map: Record<string, DagValue>, key: string, value: DagValue): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
  else map[key] = value;
}
