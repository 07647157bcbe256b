import { expect, test } from 'vitest';
import {
  cidOf,
  createMemo,
  type DagValue,
  decodeCbor,
  ENVELOPE_BYTES_MAX,
  encodeCbor,
  encodePayload,
  openBatch,
  openEnvelope,
  type Payload,
  signBatch,
  signEnvelope,
  toHex,
} from '../../src/index.ts';
import { countingCrypto, nodeCrypto, sha256, sodiumCrypto } from '../support/crypto.ts';
import { ALICE, ALL_VERBS, BOB, bytes32, samplePayload } from '../support/samples.ts';

const payload = samplePayload('ATTEST');
const single = signEnvelope(payload, ALICE, sha256);

const parts = (bytes: Uint8Array): readonly [payloadBytes: Uint8Array, proof: readonly DagValue[]] => {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) throw new Error(decoded.code);
  return decoded.value as unknown as readonly [Uint8Array, readonly DagValue[]];
};

const code = (bytes: Uint8Array) => {
  const opened = openEnvelope(bytes, sodiumCrypto);
  return opened.ok ? 'accepted' : opened.code;
};

/** `count` payloads of one sender that differ. */
const payloads = (count: number): Payload[] =>
  Array.from({ length: count }, (_, i) => samplePayload('ATTEST', { lamport: 1000 + i }));

test('an envelope of every verb opens over both libraries, with the id and hash of its bytes', () => {
  for (const verb of ALL_VERBS) {
    const sample = samplePayload(verb);
    const { id, bytes } = signEnvelope(sample, ALICE, sha256);
    for (const crypto of [sodiumCrypto, nodeCrypto]) {
      const opened = openEnvelope(bytes, crypto);
      expect(opened).toEqual({ ok: true, envelope: { id, hash: toHex(sha256(bytes)), bytes, payload: sample } });
    }
    expect(id).toBe(cidOf(encodePayload(sample), 'dag-cbor', sha256));
  }
});

test('nobody signs for somebody else', () => {
  expect(() => signEnvelope(payload, BOB, sha256)).toThrow(/cannot sign for/);
  const [payloadBytes] = parts(single.bytes);
  const [, proof] = parts(signEnvelope(samplePayload('ATTEST', {}, BOB), BOB, sha256).bytes);
  expect(code(encodeCbor([payloadBytes, proof]))).toBe('bad_signature');
});

test('a single signature is not good in a batch, nor the other way round', () => {
  const [payloadBytes, [, signature = null]] = parts(single.bytes);
  expect(code(encodeCbor([payloadBytes, [1, 1, 0, [], signature]]))).toBe('bad_signature');
  const [one] = signBatch([payload], ALICE, sha256);
  expect(code(one?.bytes ?? new Uint8Array())).toBe('accepted');
  const [, [, , , , batchSignature = null]] = parts(one?.bytes ?? new Uint8Array());
  expect(code(encodeCbor([payloadBytes, [0, batchSignature]]))).toBe('bad_signature');
});

test('a proof has one of two forms', () => {
  const [payloadBytes, [, signature = null]] = parts(single.bytes);
  const proofs: readonly DagValue[] = [
    null,
    [],
    [0],
    [2, signature],
    [0, signature, null],
    [0, bytes32(0)],
    ['0', signature],
    [1, 1, 0, []],
    [1, 0, 0, [], signature],
    [1, 1, 1, [], signature],
    [1, 1, -1, [], signature],
    [1, 65_537, 0, [], signature],
    [1, 2, 0, [bytes32(0).subarray(1)], signature],
    [1, 2, 0, null, signature],
  ];
  for (const proof of proofs) expect([proof, code(encodeCbor([payloadBytes, proof]))]).toEqual([proof, 'bad_proof']);
  for (const wire of [
    null,
    [],
    [payloadBytes],
    [payloadBytes, [0, signature], null],
    ['x', [0, signature]],
  ] satisfies DagValue[]) {
    expect(code(encodeCbor(wire))).toBe('wrong_type');
  }
});

test('wrong path length, index or count is refused in batches of every size to 18', () => {
  for (let size = 1; size <= 18; size += 1) {
    const batch = signBatch(payloads(size), ALICE, sha256);
    for (const [at, { bytes }] of batch.entries()) {
      expect(code(bytes)).toBe('accepted');
      const [payloadBytes, [, count = 0, index = 0, path, signature = null]] = parts(bytes);
      const hashes = path as readonly DagValue[];
      const bent = (c: DagValue, i: DagValue, p: DagValue) => code(encodeCbor([payloadBytes, [1, c, i, p, signature]]));
      expect(bent(count, index, [...hashes, bytes32(0)])).toBe(hashes.length === 16 ? 'bad_proof' : 'path_length');
      if (hashes.length > 0) expect(bent(count, index, hashes.slice(1))).toBe('path_length');
      for (const other of [size - 1, size + 1, 2 * size]) {
        if (other > at) expect(bent(other, index, hashes)).toMatch(/path_length|bad_signature/);
      }
      const elsewhere = (at + 1) % size;
      if (size > 1) expect(bent(count, elsewhere, hashes)).toMatch(/path_length|bad_signature/);
    }
  }
});

test('a batch has 1 to 65 536 payloads', () => {
  const many = payloads(1);
  const digestOnly = Array.from({ length: 65_536 }, () => many[0] ?? payload);
  expect(() => signBatch([...digestOnly, payload], ALICE, sha256)).toThrow(RangeError);
  expect(() => signBatch([], ALICE, sha256)).toThrow(RangeError);
});

test('a forged or stripped copy never shadows the genuine envelope', () => {
  const memo = createMemo();
  const { crypto, verified } = countingCrypto();
  const [batched] = signBatch([payload, samplePayload('CANCEL')], ALICE, sha256);
  if (batched === undefined) throw new Error('two envelopes');
  const [payloadBytes, proof] = parts(batched.bytes);
  const stripped = [
    encodeCbor([payloadBytes, null]),
    encodeCbor([payloadBytes, [0, new Uint8Array(64)]]),
    encodeCbor([payloadBytes, proof.with(4, new Uint8Array(64))]),
    encodeCbor([payloadBytes, proof.with(3, [bytes32(1)])]),
  ];
  for (const forged of stripped) expect(openEnvelope(forged, crypto, memo).ok).toBe(false);
  const genuine = openEnvelope(batched.bytes, crypto, memo);
  expect(genuine.ok && genuine.envelope.id).toBe(batched.id);
  // both genuine proofs of one payload are taken, and have one id and two hashes
  const other = openEnvelope(single.bytes, crypto, memo);
  expect(
    other.ok &&
      genuine.ok && [other.envelope.id === genuine.envelope.id, other.envelope.hash === genuine.envelope.hash],
  ).toEqual([true, false]);
  for (const forged of stripped) expect(openEnvelope(forged, crypto, memo).ok).toBe(false);
  const before = verified();
  expect(openEnvelope(batched.bytes, crypto, memo)).toEqual(genuine);
  expect(verified()).toBe(before);
});

test('a complete batch costs one signature, in any order; each member alone still opens', () => {
  const batch = signBatch(payloads(64), ALICE, sha256).map(({ bytes }) => bytes);
  const { crypto, verified } = countingCrypto();
  const opened = openBatch([...batch].reverse(), crypto);
  expect(opened.every((one) => one.ok)).toBe(true);
  expect(verified()).toBe(1);
  expect(opened.map((one) => one.ok && one.envelope.payload.lamport)).toEqual(
    payloads(64)
      .map((one) => one.lamport)
      .reverse(),
  );
  const memo = createMemo();
  for (const bytes of batch) expect(openEnvelope(bytes, crypto, memo).ok).toBe(true);
  expect(verified()).toBe(2);
});

test('an envelope larger than the limit is neither signed nor read', () => {
  const refused = openEnvelope(new Uint8Array(ENVELOPE_BYTES_MAX + 1), sodiumCrypto);
  expect(refused).toEqual({ ok: false, code: 'envelope_too_large', path: '' });
});

test('what is kept of an envelope keeps no larger buffer', () => {
  const message = new Uint8Array(1 << 20);
  message.set(single.bytes, 1000);
  const opened = openEnvelope(message.subarray(1000, 1000 + single.bytes.length), sodiumCrypto);
  expect(opened.ok && opened.envelope.bytes.buffer.byteLength).toBe(single.bytes.length);
});

test('a memo holds no more than it was given', () => {
  const memo = createMemo({ envelopeBytes: 5000, roots: 2 });
  for (const { bytes } of payloads(40).map((one) => signEnvelope(one, ALICE, sha256)))
    openEnvelope(bytes, sodiumCrypto, memo);
  for (let i = 0; i < 9; i += 1)
    openBatch(
      signBatch(payloads(i + 1), ALICE, sha256).map(({ bytes }) => bytes),
      sodiumCrypto,
      memo,
    );
  expect(memo.envelopes.weight).toBeGreaterThan(1000);
  expect(memo.envelopes.weight).toBeLessThanOrEqual(10_000);
  expect(memo.roots.weight).toBeLessThanOrEqual(4);
});
