import { type DagMap, type DagValue, isList, isMap, ownField, setField } from '../cbor/value.ts';
import type { ProtocolCode } from '../codes.ts';
import type { Codec, TypeOf } from './codec.ts';

type Shape = Readonly<Record<string, Codec<unknown>>>;
type RecordOf<S extends Shape> = { readonly [K in keyof S]: TypeOf<S[K]> };

/** A map of exactly these fields. */
export function record<S extends Shape>(shape: S): Codec<RecordOf<S>> {
  const fields = Object.entries(shape);
  return {
    parse(value, fault) {
      if (!isMap(value)) return fault.fail('wrong_type');
      const typed: Record<string, unknown> = {};
      for (const [key, codec] of fields) {
        const item = ownField(value, key);
        if (item === undefined) return fault.fail('lacking_field', key);
        const field = codec.parse(item, fault);
        if (field === undefined) return fault.within(key);
        typed[key] = field;
      }
      const keys = Object.keys(value);
      if (keys.length === fields.length) return typed as RecordOf<S>;
      return fault.fail('unknown_field', keys.find((key) => !Object.hasOwn(shape, key)) ?? '');
    },
    encode(typed) {
      const map: Record<string, DagValue> = {};
      for (const [key, codec] of fields) map[key] = codec.encode(typed[key]);
      // A field the type does not know must fail here too, not be dropped in silence.
      for (const key of Object.keys(typed)) if (!Object.hasOwn(shape, key)) throw new TypeError(`unknown field ${key}`);
      return map;
    },
  };
}

type OptionalOf<O extends Shape> = { readonly [K in keyof O]?: TypeOf<O[K]> };

/** A map of exactly these fields and any of those of `optional`: what lacks has no other form than to lack. */
export function recordWith<S extends Shape, O extends Shape>(
  shape: S,
  optional: O,
): Codec<RecordOf<S> & OptionalOf<O>> {
  const whole = { ...shape, ...optional };
  const codecOf = (has: (key: string) => boolean): Codec<unknown> =>
    record(Object.fromEntries(Object.entries(whole).filter(([key]) => Object.hasOwn(shape, key) || has(key))));
  return {
    parse: (value, fault) =>
      codecOf((key) => isMap(value) && Object.hasOwn(value, key)).parse(value, fault) as
        | (RecordOf<S> & OptionalOf<O>)
        | undefined,
    encode: (typed) => codecOf((key) => Object.hasOwn(typed, key)).encode(typed),
  };
}

/** A list of `min` to `max` items. */
export function list<T>(item: Codec<T>, min: number, max: number): Codec<readonly T[]> {
  return {
    parse(value, fault) {
      if (!isList(value)) return fault.fail('wrong_type');
      if (value.length < min) return fault.fail('too_short');
      if (value.length > max) return fault.fail('too_long');
      const typed: T[] = [];
      for (let i = 0; i < value.length; i += 1) {
        const one = item.parse(value[i] ?? null, fault);
        if (one === undefined) return fault.within(i);
        typed.push(one);
      }
      return typed;
    },
    encode: (typed) => typed.map((one) => item.encode(one)),
  };
}

/** A map with keys of the sender's choice, at most `max` of them. */
export function mapOf<T>(item: Codec<T>, max: number): Codec<Readonly<Record<string, T>>> {
  return {
    parse(value, fault) {
      if (!isMap(value)) return fault.fail('wrong_type');
      const entries = Object.entries(value);
      if (entries.length > max) return fault.fail('too_long');
      const typed: Record<string, T> = Object.create(null) as Record<string, T>;
      for (const [key, one] of entries) {
        const field = item.parse(one, fault);
        if (field === undefined) return fault.within(key);
        typed[key] = field;
      }
      return typed;
    },
    encode(typed) {
      const map: Record<string, DagValue> = {};
      for (const [key, one] of Object.entries(typed)) setField(map, key, item.encode(one));
      return map;
    },
  };
}

/** Null or what the codec takes. */
export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    parse: (value, fault) => (value === null ? null : codec.parse(value, fault)),
    encode: (typed) => (typed === null ? null : codec.encode(typed)),
  };
}

/** A further rule on a parsed value: `check` gives the code and field of what it breaks, or undefined. */
export function refine<T>(
  codec: Codec<T>,
  check: (typed: T) => readonly [code: ProtocolCode, path: string] | undefined,
): Codec<T> {
  return {
    parse(value, fault) {
      const typed = codec.parse(value, fault);
      if (typed === undefined) return undefined;
      const broken = check(typed);
      return broken === undefined ? typed : fault.fail(broken[0], broken[1]);
    },
    encode: (typed) => codec.encode(typed),
  };
}

/** Any value of the data model, as it is. */
export const anyValue: Codec<DagValue> = { parse: (value) => value, encode: (typed) => typed };

/** Any map of the data model, as it is. */
export const anyMap: Codec<DagMap> = {
  parse: (value, fault) => (isMap(value) ? value : fault.fail('wrong_type')),
  encode: (typed) => typed,
};
