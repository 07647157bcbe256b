import { decodeCbor } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import type { TypeOf } from '../codec/codec.ts';
import { checked, parseWith } from '../codec/codec.ts';
import { record } from '../codec/composites.ts';
import { link, literal } from '../codec/scalars.ts';
import { type Refusal, refuse } from '../codes.ts';
import { BLOCK_BYTES_MAX } from '../limits.ts';
import { artifact } from '../verbs/common.ts';

const example = record({
  v: literal(1),
  kind: literal('example'),
  input: artifact,
  output: artifact,
  acceptance: link,
});

/** A whole case that passes: an input, an output, and the acceptance under which it does (`spec/08-artifacts.md`, acceptance). */
export type Example = TypeOf<typeof example>;

/** The record's block. */
export const encodeExample = (typed: Example): Uint8Array => encodeCbor(checked(example, typed, 'example'));

/** Reads the record's block. */
export function parseExample(bytes: Uint8Array): { readonly ok: true; readonly example: Example } | Refusal {
  if (bytes.length > BLOCK_BYTES_MAX) return refuse('block_too_large');
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return decoded;
  const parsed = parseWith(example, decoded.value);
  return parsed.ok ? { ok: true, example: parsed.value } : parsed;
}
