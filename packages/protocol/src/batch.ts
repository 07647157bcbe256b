import { equalBytes, key32 } from './bytes.ts';
import { cidOfDigest } from './cid.ts';
import { refuse } from './codes.ts';
import type { Crypto, MessageSigner, Sha256 } from './crypto.ts';
import {
  acceptEnvelope,
  batchSigned,
  encodeEnvelope,
  type Opened,
  ownPayload,
  proofHolds,
  type ReadEnvelope,
  readEnvelope,
  type SignedEnvelope,
} from './envelope.ts';
import { asEnvelopeId } from './ids.ts';
import { BATCH_COUNT_MAX } from './limits.ts';
import { createMemo, type Memo } from './memo.ts';
import { merkleTree, pathOf } from './merkle.ts';
import type { Payload } from './payload.ts';
import { type BatchProof, batchMessage } from './proof.ts';

/** Signs many payloads of one sender with one signature; each envelope is provable alone. Order is kept. */
export function signBatch(
  payloads: readonly Payload[],
  signer: MessageSigner,
  sha256: Sha256,
): readonly SignedEnvelope[] {
  const count = payloads.length;
  if (count < 1 || count > BATCH_COUNT_MAX) throw new RangeError(`a batch has 1 to ${BATCH_COUNT_MAX} payloads`);
  const encoded = payloads.map((payload) => ownPayload(payload, signer));
  const digests = encoded.map((bytes) => sha256(bytes));
  const tree = merkleTree(digests, sha256);
  const signature = signer.sign(batchMessage(count, tree.root));
  return encoded.map((bytes, index) => {
    const digest = digests[index];
    if (digest === undefined) throw new Error('a digest for each payload');
    const proof: BatchProof = { kind: 'batch', count, index, path: pathOf(tree, index), signature };
    return { id: asEnvelopeId(cidOfDigest(digest, 'dag-cbor')), bytes: encodeEnvelope(bytes, proof) };
  });
}

interface Member {
  /** where in the input it stands */
  readonly at: number;
  readonly read: ReadEnvelope;
  readonly proof: BatchProof;
}

/**
 * Verifies the signatures of envelopes that were read. A batch that is complete among them is checked with one tree and one
 * signature; the rest, and whatever does not fit its tree, one by one. Verdicts come in the order of the input and are those
 * that `openEnvelope` gives for each.
 */
export function verifyReads(
  reads: readonly ReadEnvelope[],
  crypto: Crypto,
  memo: Memo = createMemo(),
): readonly Opened[] {
  const verdicts = new Map<number, Opened>();
  const batches = new Map<string, Member[]>();
  for (const [at, read] of reads.entries()) {
    const { proof } = read;
    if (proof.kind === 'single') {
      verdicts.set(at, openRead(read, crypto, memo));
      continue;
    }
    const key = `${read.payload.from} ${proof.count} ${key32(proof.signature)}${key32(proof.signature, 32)}`;
    const members = batches.get(key);
    if (members === undefined) batches.set(key, [{ at, read, proof }]);
    else members.push({ at, read, proof });
  }
  for (const members of batches.values()) {
    for (const [at, verdict] of openMembers(members, crypto, memo)) verdicts.set(at, verdict);
  }
  return reads.map((_, at) => known(verdicts.get(at)));
}

/** Opens many envelopes from their wire bytes, with the verdicts that `openEnvelope` gives for each. */
export function openBatch(
  envelopes: readonly Uint8Array[],
  crypto: Crypto,
  memo: Memo = createMemo(),
): readonly Opened[] {
  const steps = envelopes.map((bytes) => readEnvelope(bytes, crypto.sha256, memo));
  const reads = steps.flatMap((step) => (step.ok && step.known === undefined ? [step.read] : []));
  const verdicts = verifyReads(reads, crypto, memo)[Symbol.iterator]();
  return steps.map((step) => {
    if (!step.ok) return step;
    return step.known === undefined ? known(verdicts.next().value) : { ok: true, envelope: step.known };
  });
}

function known(verdict: Opened | undefined): Opened {
  if (verdict === undefined) throw new Error('every envelope has a verdict');
  return verdict;
}

function openRead(read: ReadEnvelope, crypto: Crypto, memo: Memo): Opened {
  return proofHolds(read, crypto, memo) ? { ok: true, envelope: acceptEnvelope(read, memo) } : refuse('bad_signature');
}

/** Members in the order of their index when they are the whole batch, each index once. */
function completed(members: readonly Member[]): readonly Member[] | undefined {
  const [first] = members;
  if (first === undefined || members.length !== first.proof.count) return undefined;
  const sorted = [...members].sort((left, right) => left.proof.index - right.proof.index);
  return sorted.every((member, index) => member.proof.index === index) ? sorted : undefined;
}

function openMembers(
  members: readonly Member[],
  crypto: Crypto,
  memo: Memo,
): readonly (readonly [at: number, verdict: Opened])[] {
  const whole = completed(members);
  const [first] = members;
  if (whole === undefined || first === undefined) {
    return members.map(({ at, read }) => [at, openRead(read, crypto, memo)]);
  }
  const tree = merkleTree(
    whole.map((member) => member.read.digest),
    crypto.sha256,
  );
  const signed = batchSigned(first.read, first.proof, tree.root, crypto, memo);
  return whole.map(({ at, read, proof }) => {
    const due = pathOf(tree, proof.index);
    // With the tree's own path an envelope leads to the tree's root, so the verdict on the root is its verdict.
    const fits = proof.path.every((hash, step) => equalBytes(hash, due[step] ?? hash));
    if (!fits) return [at, openRead(read, crypto, memo)];
    return [at, signed ? { ok: true, envelope: acceptEnvelope(read, memo) } : refuse('bad_signature')];
  });
}
