import { decodeCbor } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import type { DagMap } from '../cbor/value.ts';
import { type Codec, checked, parseWith } from '../codec/codec.ts';
import { anyMap, mapOf, nullable, record } from '../codec/composites.ts';
import { integer, link, literal, text } from '../codec/scalars.ts';
import { type Refusal, refuse } from '../codes.ts';
import type { Cid } from '../ids.ts';
import { BLOCK_BYTES_MAX } from '../limits.ts';
import { parseSchema, type Schema } from './schema.ts';

/** What a result must be, pinned by its CID in the NEED before anybody bids. */
export interface Acceptance {
  readonly v: 1;
  /** verification tier, 1 to 6 */
  readonly tier: number;
  /** name of the checker that judges results */
  readonly checker: string;
  /** what the checker is told */
  readonly params: DagMap;
  /** by key of the output tree; "*" is for every other key */
  readonly schemas: Readonly<Record<string, Schema>>;
  /** an artifact that passes */
  readonly example: Cid | null;
}

const SCHEMAS_MAX = 64;

const schema: Codec<Schema> = {
  parse: (value, fault) => parseSchema(value) ?? fault.fail('wrong_value'),
  encode: (typed) => typed,
};

const acceptance: Codec<Acceptance> = record({
  v: literal(1),
  tier: integer(1, 6),
  checker: text(128),
  params: anyMap,
  schemas: mapOf(schema, SCHEMAS_MAX),
  example: nullable(link),
});

/** The record's block. Throws a ProtocolError for what `parseAcceptance` would refuse. */
export function encodeAcceptance(typed: Acceptance): Uint8Array {
  const bytes = encodeCbor(checked(acceptance, typed, 'acceptance'));
  if (bytes.length > BLOCK_BYTES_MAX) throw new RangeError(`an acceptance has at most ${BLOCK_BYTES_MAX} bytes`);
  return bytes;
}

/** Reads the record's block. A schema with an unknown keyword makes the whole acceptance invalid. */
export function parseAcceptance(bytes: Uint8Array): { readonly ok: true; readonly acceptance: Acceptance } | Refusal {
  if (bytes.length > BLOCK_BYTES_MAX) return refuse('block_too_large');
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return decoded;
  const parsed = parseWith(acceptance, decoded.value);
  return parsed.ok ? { ok: true, acceptance: parsed.value } : parsed;
}

/** The schema for a key of the output tree, if any. */
export function schemaFor(typed: Acceptance, key: string): Schema | undefined {
  const { schemas } = typed;
  if (Object.hasOwn(schemas, key)) return schemas[key];
  return Object.hasOwn(schemas, '*') ? schemas['*'] : undefined;
}
