import { concat, equalBytes, plainBytes } from './bytes.ts';
import { decodeCbor } from './cbor/decode.ts';
import { encodeCbor } from './cbor/encode.ts';
import { isList } from './cbor/value.ts';
import { type Refusal, refuse } from './codes.ts';
import { credentialHolds } from './credential.ts';
import type { Crypto, MessageSigner, Sha256 } from './crypto.ts';
import {
  acceptEnvelope,
  proofHolds,
  type ReadEnvelope,
  readEnvelope,
  type SignedEnvelope,
  signEnvelope,
} from './envelope.ts';
import { type Evidence, encodeEvidence, NO_EVIDENCE, openEvidence, type VerifiedEvidence } from './evidence.ts';
import { ENTRY_BYTES_MAX, EVIDENCE_BYTES_MAX } from './limits.ts';
import { createMemo, type Memo } from './memo.ts';
import { buildPayload, type Draft, type Payload } from './payload.ts';
import { isLogVerb, type LogVerb } from './verbs/verbs.ts';
import type { VerifiedEnvelope } from './verified-envelope.ts';

declare const verified: unique symbol;

/** A log entry that everybody who verifies it judges alike. Only `verifyEntry` makes one, and `apply` takes nothing else. */
export interface VerifiedEntry {
  readonly [verified]: true;
  /** sha256 of the full bytes (32 bytes) */
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
  readonly envelope: VerifiedEnvelope;
  readonly evidence: VerifiedEvidence;
}

export type EntryVerdict = { readonly ok: true; readonly entry: VerifiedEntry } | Refusal;

const ENVELOPE_HEAD = 0x82;
const ENTRY_HEAD = 0x83;

/** Puts a signed envelope and the evidence its payload names by hash together: [payload bytes, proof, evidence bytes | null]. */
export function sealEntry(envelope: Uint8Array, evidence: Uint8Array | null): Uint8Array {
  if (envelope[0] !== ENVELOPE_HEAD) throw new TypeError('not the wire bytes of an envelope');
  return concat([Uint8Array.of(ENTRY_HEAD), envelope.subarray(1), encodeCbor(evidence)]);
}

/** The envelope and evidence bytes of an entry; nothing of them is judged but that the entry is canonical and within limits. */
export function splitEntry(
  input: Uint8Array,
): { readonly ok: true; readonly envelope: Uint8Array; readonly evidence: Uint8Array | null } | Refusal {
  if (input.length > ENTRY_BYTES_MAX) return refuse('entry_too_large');
  const bytes = plainBytes(input);
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return decoded;
  const parts = decoded.value;
  if (!isList(parts) || parts.length !== 3) return refuse('wrong_type');
  const evidence = parts[2];
  if (evidence !== null && !(evidence instanceof Uint8Array)) return refuse('wrong_type', 'evidence');
  if (evidence !== null && evidence.length > EVIDENCE_BYTES_MAX) return refuse('evidence_too_large', 'evidence');
  const envelope = bytes.slice(0, bytes.length - (evidence === null ? 1 : byteStringSize(evidence.length)));
  envelope[0] = ENVELOPE_HEAD;
  return { ok: true, envelope, evidence };
}

/** Bytes that a byte string takes with its head. */
function byteStringSize(length: number): number {
  if (length < 24) return 1 + length;
  if (length < 0x100) return 2 + length;
  return (length < 0x10000 ? 3 : 5) + length;
}

/**
 * Judges the bytes of a log entry: size, codec and schema of the envelope, a log verb, the evidence hash, the signature, each
 * envelope of the evidence, each block re-hashed, and a JOIN's credential. An entry that fails has no position. What a `memo`
 * knows is not verified again; without one, batch roots are still verified once within the entry.
 */
export function verifyEntry(bytes: Uint8Array, crypto: Crypto, memo: Memo = createMemo({ roots: 64 })): EntryVerdict {
  const split = splitEntry(bytes);
  if (!split.ok) return split;
  const step = readEnvelope(split.envelope, crypto.sha256, memo);
  if (!step.ok) return step;
  const { payload } = step.known ?? step.read;
  if (!isLogVerb(payload.verb)) return refuse('not_a_log_verb', 'verb');
  if (!evidenceFits(payload.evidence, split.evidence, crypto.sha256)) return refuse('evidence_mismatch', 'evidence');
  const envelope = step.known ?? signedEnvelope(step.read, crypto, memo);
  if (envelope === undefined) return refuse('bad_signature');
  const opened =
    split.evidence === null
      ? ({ ok: true, evidence: NO_EVIDENCE } as const)
      : openEvidence(split.evidence, crypto, memo);
  if (!opened.ok) return opened;
  if (!joinHolds(payload, crypto)) return refuse('bad_credential', 'body.credential');
  const entry = { hash: crypto.sha256(bytes), bytes, envelope, evidence: opened.evidence } as VerifiedEntry;
  return { ok: true, entry };
}

function evidenceFits(hash: Uint8Array | null, evidence: Uint8Array | null, sha256: Sha256): boolean {
  if (hash === null || evidence === null) return hash === evidence;
  return equalBytes(sha256(evidence), hash);
}

function signedEnvelope(read: ReadEnvelope, crypto: Crypto, memo: Memo): VerifiedEnvelope | undefined {
  return proofHolds(read, crypto, memo) ? acceptEnvelope(read, memo) : undefined;
}

function joinHolds(payload: Payload, crypto: Crypto): boolean {
  if (payload.verb !== 'JOIN' || payload.body.credential === null) return true;
  return credentialHolds(payload.body.credential, payload.from, payload.network, crypto);
}

/** Signs a log entry with its evidence. */
export function signEntry<V extends LogVerb>(
  draft: Omit<Draft<V>, 'evidence'>,
  evidence: Evidence | null,
  signer: MessageSigner,
  sha256: Sha256,
): SignedEnvelope {
  const evidenceBytes = evidence === null ? null : encodeEvidence(evidence);
  const hash = evidenceBytes === null ? null : sha256(evidenceBytes);
  const payload = buildPayload<V>({ ...draft, evidence: hash } as Draft<V>);
  const { id, bytes } = signEnvelope(payload as Payload, signer, sha256);
  return { id, bytes: sealEntry(bytes, evidenceBytes) };
}
