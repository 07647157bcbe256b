import { decodeCbor } from './cbor/decode.ts';
import { encodeCbor } from './cbor/encode.ts';
import { type DagValue, isList, Link } from './cbor/value.ts';
import { type Refusal, refuse } from './codes.ts';
import { exactFields, fromDagJson, toDagJson } from './dag-json.ts';
import { sealEntry, splitEntry } from './entry.ts';
import { ENTRY_BYTES_MAX } from './limits.ts';

/** Longest line of an audit export: every byte of an entry escaped. */
export const LINE_CHARS_MAX = 8 * ENTRY_BYTES_MAX;

/** {payload, proof} of envelope bytes, or the bytes themselves when they are no canonical envelope. */
function showEnvelope(bytes: Uint8Array): DagValue {
  const wire = decodeCbor(bytes);
  if (!wire.ok || !isList(wire.value) || wire.value.length !== 2) return bytes;
  const [payloadBytes, proof] = wire.value;
  if (!(payloadBytes instanceof Uint8Array) || proof === undefined) return bytes;
  const payload = decodeCbor(payloadBytes);
  return payload.ok ? { payload: payload.value, proof } : bytes;
}

function hideEnvelope(shown: DagValue): Uint8Array | undefined {
  if (shown instanceof Uint8Array) return shown;
  const parts = exactFields(shown, ['payload', 'proof']);
  return parts === undefined ? undefined : encodeCbor([encodeCbor(parts.payload), parts.proof]);
}

/** {envelopes, blocks} of evidence bytes, or the bytes themselves when they have not that form. */
function showEvidence(bytes: Uint8Array): DagValue {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok || !isList(decoded.value) || decoded.value.length !== 2) return bytes;
  const [envelopes, blocks] = decoded.value;
  if (!isList(envelopes) || !envelopes.every((one) => one instanceof Uint8Array)) return bytes;
  if (!isList(blocks) || !blocks.every(isBlock)) return bytes;
  return { envelopes: envelopes.map(showEnvelope), blocks };
}

function isBlock(pair: DagValue): boolean {
  return isList(pair) && pair.length === 2 && pair[0] instanceof Link && pair[1] instanceof Uint8Array;
}

function hideEvidence(shown: DagValue): Uint8Array | null | undefined {
  if (shown === null || shown instanceof Uint8Array) return shown;
  const parts = exactFields(shown, ['envelopes', 'blocks']);
  if (parts === undefined || !isList(parts.envelopes)) return undefined;
  const envelopes: Uint8Array[] = [];
  for (const one of parts.envelopes) {
    const bytes = hideEnvelope(one);
    if (bytes === undefined) return undefined;
    envelopes.push(bytes);
  }
  return encodeCbor([envelopes, parts.blocks]);
}

/** An entry shown with payloads decoded; bytes that are no canonical entry are shown as {"raw": bytes}. */
function showEntry(bytes: Uint8Array): DagValue {
  const split = splitEntry(bytes);
  if (!split.ok) return { raw: bytes };
  const envelope = showEnvelope(split.envelope);
  return { envelope, evidence: split.evidence === null ? null : showEvidence(split.evidence) };
}

function hideEntry(shown: DagValue): Uint8Array | undefined {
  const raw = exactFields(shown, ['raw']);
  if (raw !== undefined) return raw.raw instanceof Uint8Array ? raw.raw : undefined;
  const parts = exactFields(shown, ['envelope', 'evidence']);
  if (parts === undefined) return undefined;
  const envelope = hideEnvelope(parts.envelope);
  const evidence = hideEvidence(parts.evidence);
  return envelope === undefined || evidence === undefined ? undefined : sealEntry(envelope, evidence);
}

/** One line of DAG-JSON (no line break) from which `entryFromJson` gives back every byte, whatever the bytes are. */
export function entryToJson(bytes: Uint8Array): string {
  const line = toDagJson(showEntry(bytes)) ?? toDagJson({ raw: bytes });
  if (line === undefined) throw new Error('bytes can be shown');
  return line;
}

/** The bytes of a line. Any line but the very one that `entryToJson` prints for those bytes is refused. */
export function entryFromJson(line: string): { readonly ok: true; readonly bytes: Uint8Array } | Refusal {
  if (line.length > LINE_CHARS_MAX) return refuse('line_too_large');
  const shown = fromDagJson(line);
  if (shown === undefined) return refuse('bad_line');
  let bytes: Uint8Array | undefined;
  try {
    bytes = hideEntry(shown);
  } catch {
    // A value that nests too deep for a block: nothing that was printed does.
    return refuse('bad_line');
  }
  return bytes !== undefined && entryToJson(bytes) === line ? { ok: true, bytes } : refuse('bad_line');
}
