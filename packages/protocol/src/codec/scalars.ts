import { utf8Length } from '../bytes.ts';
import { Link } from '../cbor/value.ts';
import { parseCid } from '../cid.ts';
import { parseDid } from '../did.ts';
import type { Cid, Did, Micro } from '../ids.ts';
import { MICRO_MAX } from '../limits.ts';
import type { Codec } from './codec.ts';

/** Text of `min` to `max` UTF-8 bytes. */
export function text(max: number, min = 1): Codec<string> {
  return {
    parse(value, fault) {
      if (typeof value !== 'string') return fault.fail('wrong_type');
      if (!value.isWellFormed()) return fault.fail('bad_text');
      if (value.length < min && utf8Length(value) < min) return fault.fail('too_short');
      // A UTF-16 unit takes at most three bytes: most texts need no counting.
      if (value.length > max || (value.length * 3 > max && utf8Length(value) > max)) return fault.fail('too_long');
      return value;
    },
    encode: (typed) => typed,
  };
}

/** An integer within [min, max]. */
export function integer(min = 0, max: number = Number.MAX_SAFE_INTEGER): Codec<number> {
  return {
    parse(value, fault) {
      if (typeof value !== 'number') return fault.fail('wrong_type');
      if (!Number.isInteger(value)) return fault.fail('unsupported_type');
      return value >= min && value <= max ? value : fault.fail('out_of_range');
    },
    encode: (typed) => typed,
  };
}

/** An amount in micro-credits, at least `min`. */
export const micro = (min = 0): Codec<Micro> => integer(min, MICRO_MAX);

export const boolean: Codec<boolean> = {
  parse: (value, fault) => (typeof value === 'boolean' ? value : fault.fail('wrong_type')),
  encode: (typed) => typed,
};

/** Exactly this number or text. */
export function literal<const T extends number | string>(only: T): Codec<T> {
  return {
    parse: (value, fault) =>
      value === only ? only : fault.fail(typeof value === typeof only ? 'wrong_value' : 'wrong_type'),
    encode: () => only,
  };
}

/** One of these texts. */
export function oneOf<const T extends string>(choices: readonly T[]): Codec<T> {
  return {
    parse(value, fault) {
      if (typeof value !== 'string') return fault.fail('wrong_type');
      return choices.find((choice) => choice === value) ?? fault.fail('wrong_value');
    },
    encode: (typed) => typed,
  };
}

/** One to `max` bytes. */
export const bytesUpTo = (max: number): Codec<Uint8Array> => ({
  parse(value, fault) {
    if (!(value instanceof Uint8Array)) return fault.fail('wrong_type');
    if (value.length === 0) return fault.fail('too_short');
    return value.length <= max ? value : fault.fail('too_long');
  },
  encode: (typed) => typed,
});

/** Exactly `length` bytes. */
function bytes(length: number): Codec<Uint8Array> {
  return {
    parse(value, fault) {
      if (!(value instanceof Uint8Array)) return fault.fail('wrong_type');
      return value.length === length ? value : fault.fail(value.length < length ? 'too_short' : 'too_long');
    },
    encode: (typed) => typed,
  };
}

export const bytes32 = bytes(32);
export const bytes64 = bytes(64);

function linkTo<T extends Cid>(): Codec<T> {
  return {
    parse(value, fault) {
      if (!(value instanceof Link)) return fault.fail('wrong_type');
      return (parseCid(value.cid) as T | undefined) ?? fault.fail('bad_link');
    },
    encode: (typed) => new Link(typed),
  };
}

/** A link; in memory its CID. `linkAs` gives it the brand of what it must name, which only state can tell. */
export const link: Codec<Cid> = linkTo();
export const linkAs = <T extends Cid>(): Codec<T> => linkTo<T>();

/** The text of a did:key. */
export const did: Codec<Did> = {
  parse(value, fault) {
    if (typeof value !== 'string') return fault.fail('wrong_type');
    return parseDid(value) ?? fault.fail('bad_did');
  },
  encode: (typed) => typed,
};

/** A field that holds nothing yet. */
export const nothing: Codec<null> = {
  parse: (value, fault) => (value === null ? null : fault.fail('wrong_type')),
  encode: () => null,
};
