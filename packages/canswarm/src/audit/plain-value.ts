import { type State, snapshot } from '@canswarm/kernel';
import { toHex } from '@canswarm/protocol';

/** A value as JSON can hold it: byte strings in hex, maps as objects in order of their keys, sets as sorted lists. */
export function plainValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (value instanceof Map) {
    const pairs = [...(value as Map<unknown, unknown>)].map(([key, item]) => [String(key), plainValue(item)] as const);
    return Object.fromEntries(pairs.sort(([left], [right]) => (left < right ? -1 : 1)));
  }
  if (value instanceof Set) return [...(value as Set<unknown>)].map(plainValue).sort();
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainValue(item)]));
}

/** The state that the root covers, by field name, as JSON can hold it. Later entries do not change what was given. */
export const plainState = (state: State): Readonly<Record<string, unknown>> =>
  plainValue(snapshot(state)) as Readonly<Record<string, unknown>>;
