import { decodeCbor } from './cbor/decode.ts';
import { encodeCbor } from './cbor/encode.ts';
import { type DagValue, isList, Link } from './cbor/value.ts';
import { type Block, cidOf, codecOf } from './cid.ts';
import { ProtocolError, type Refusal, refuse } from './codes.ts';
import type { Crypto, Sha256 } from './crypto.ts';
import { openEnvelope } from './envelope.ts';
import type { Cid } from './ids.ts';
import { BLOCK_BYTES_MAX, EVIDENCE_BLOCKS_MAX, EVIDENCE_BYTES_MAX, EVIDENCE_ENVELOPES_MAX } from './limits.ts';
import type { Memo } from './memo.ts';
import type { VerifiedEnvelope } from './verified-envelope.ts';

/** What justifies an entry, on its way out: wire bytes of signed envelopes, and content blocks. */
export interface Evidence {
  readonly envelopes: readonly Uint8Array[];
  readonly blocks: readonly Block[];
}

/** What justifies an entry, verified. */
export interface VerifiedEvidence {
  readonly envelopes: readonly VerifiedEnvelope[];
  readonly blocks: ReadonlyMap<Cid, Uint8Array>;
}

export const NO_EVIDENCE: VerifiedEvidence = { envelopes: [], blocks: new Map() };

/** [[envelope bytes...], [[link, block bytes]...]]. Throws a ProtocolError for what `openEvidence` refuses by size. */
export function encodeEvidence(evidence: Evidence): Uint8Array {
  const { envelopes, blocks } = evidence;
  const bytes = encodeCbor([envelopes, blocks.map((block) => [new Link(block.cid), block.bytes])]);
  const fault = evidenceSize(bytes, envelopes.length, blocks.length);
  if (fault !== undefined) throw new ProtocolError(fault, 'evidence');
  return bytes;
}

/** Bytes that a block takes in evidence. */
export const shownBytes = ({ cid, bytes }: Block): number => encodeCbor([new Link(cid), bytes]).length;

/** Whether evidence without envelopes holds so many blocks, which take `shown` bytes together. */
export function holdsBlocks(blocks: number, shown: number): boolean {
  const head = blocks < 24 ? 1 : blocks < 256 ? 2 : 3;
  return blocks <= EVIDENCE_BLOCKS_MAX && 2 + head + shown <= EVIDENCE_BYTES_MAX;
}

function evidenceSize(bytes: Uint8Array, envelopes: number, blocks: number): Refusal | undefined {
  if (bytes.length > EVIDENCE_BYTES_MAX) return refuse('evidence_too_large', 'evidence');
  if (envelopes > EVIDENCE_ENVELOPES_MAX) return refuse('too_long', 'evidence.0');
  return blocks > EVIDENCE_BLOCKS_MAX ? refuse('too_long', 'evidence.1') : undefined;
}

/** Opens evidence bytes: every envelope as `openEnvelope` does, every block re-hashed; none twice. */
export function openEvidence(
  bytes: Uint8Array,
  crypto: Crypto,
  memo: Memo,
): { readonly ok: true; readonly evidence: VerifiedEvidence } | Refusal {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return refuse(decoded.code, 'evidence');
  const parts = decoded.value;
  if (!isList(parts) || parts.length !== 2) return refuse('wrong_type', 'evidence');
  const [first, second] = parts;
  if (!isList(first)) return refuse('wrong_type', 'evidence.0');
  if (!isList(second)) return refuse('wrong_type', 'evidence.1');
  const fault = evidenceSize(bytes, first.length, second.length);
  if (fault !== undefined) return fault;
  const envelopes = openEnvelopes(first, crypto, memo);
  if (!envelopes.ok) return envelopes;
  const blocks = openBlocks(second, crypto.sha256);
  return blocks.ok ? { ok: true, evidence: { envelopes: envelopes.envelopes, blocks: blocks.blocks } } : blocks;
}

function openEnvelopes(
  list: readonly DagValue[],
  crypto: Crypto,
  memo: Memo,
): { readonly ok: true; readonly envelopes: readonly VerifiedEnvelope[] } | Refusal {
  const envelopes: VerifiedEnvelope[] = [];
  const seen = new Set<Cid>();
  for (const [index, bytes] of list.entries()) {
    const path = `evidence.0.${index}`;
    if (!(bytes instanceof Uint8Array)) return refuse('wrong_type', path);
    const opened = openEnvelope(bytes, crypto, memo);
    if (!opened.ok) return refuse(opened.code, opened.path === '' ? path : `${path}.${opened.path}`);
    if (seen.has(opened.envelope.id)) return refuse('duplicate', path);
    seen.add(opened.envelope.id);
    envelopes.push(opened.envelope);
  }
  return { ok: true, envelopes };
}

function openBlocks(
  list: readonly DagValue[],
  sha256: Sha256,
): { readonly ok: true; readonly blocks: ReadonlyMap<Cid, Uint8Array> } | Refusal {
  const blocks = new Map<Cid, Uint8Array>();
  for (const [index, pair] of list.entries()) {
    const path = `evidence.1.${index}`;
    if (!isList(pair) || pair.length !== 2) return refuse('wrong_type', path);
    const [link, bytes] = pair;
    if (!(link instanceof Link) || !(bytes instanceof Uint8Array)) return refuse('wrong_type', path);
    if (bytes.length > BLOCK_BYTES_MAX) return refuse('block_too_large', path);
    if (blocks.has(link.cid)) return refuse('duplicate', path);
    if (cidOf(bytes, codecOf(link.cid), sha256) !== link.cid) return refuse('block_mismatch', path);
    blocks.set(link.cid, bytes);
  }
  return { ok: true, blocks };
}
