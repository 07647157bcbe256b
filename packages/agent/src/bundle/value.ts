import type { JsonValue } from '@canswarm/ports';
import { BLOCK_BYTES_MAX, type DagMap, type DagValue, encodeCbor, isList, isMap } from '@canswarm/protocol';
import { isRecord } from '../json.ts';

/** A JSON value in the data model, or undefined when it has a number that is no integer of at most 2^53 - 1. */
export function dagValueOf(value: unknown): DagValue | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? (Object.is(value, -0) ? 0 : value) : undefined;
  if (Array.isArray(value)) return allOf(value.map(dagValueOf));
  if (!isRecord(value)) return undefined;
  const map: Record<string, DagValue> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const held = dagValueOf(item);
    if (held === undefined) return undefined;
    Object.defineProperty(map, key, { value: held, enumerable: true, writable: true, configurable: true });
  }
  return map;
}

function allOf(values: readonly (DagValue | undefined)[]): readonly DagValue[] | undefined {
  const held = values.filter((value) => value !== undefined);
  return held.length === values.length ? held : undefined;
}

/** A value of the data model as JSON; undefined when it holds bytes or links. */
export function jsonOfDag(value: DagValue): JsonValue | undefined {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) {
    const items = value.map(jsonOfDag).filter((item) => item !== undefined);
    return items.length === value.length ? items : undefined;
  }
  if (!isMap(value)) return undefined;
  const entries = Object.entries(value).map(([key, item]) => [key, jsonOfDag(item)] as const);
  return entries.some(([, item]) => item === undefined)
    ? undefined
    : Object.fromEntries(entries as readonly (readonly [string, JsonValue])[]);
}

/**
 * The record of a value, or undefined when it is to be a file: it has fractions, is nested too deep or too long for a block
 * (`spec/12-agents.md`, bundles). Which of the two it is follows from the value alone.
 */
export function recordOf(value: JsonValue): DagMap | undefined {
  const held = dagValueOf(value);
  if (held === undefined || depthOf(held) > RECORD_DEPTH_MAX) return undefined;
  const record = { value: held };
  return encodeCbor(record).length <= BLOCK_BYTES_MAX ? record : undefined;
}

const RECORD_DEPTH_MAX = 24;

/** How deep lists and maps nest; 1 for a scalar. */
export function depthOf(value: DagValue): number {
  if (isList(value)) return 1 + Math.max(0, ...value.map(depthOf));
  return isMap(value) ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 1;
}
