import { expect, test } from 'vitest';
import {
  type Block,
  cidOf,
  createMemo,
  credentialHolds,
  type Draft,
  decodeCbor,
  ENTRY_BYTES_MAX,
  EVIDENCE_BYTES_MAX,
  encodeCbor,
  encodeEvidence,
  linkOf,
  type Payload,
  sealEntry,
  signBatch,
  signCredential,
  signEntry,
  signEnvelope,
  utf8,
  type Verb,
  verifyEntry,
} from '../../src/index.ts';
import { countingCrypto, sha256, signerOf, sodiumCrypto } from '../support/crypto.ts';
import { ALICE, ALL_VERBS, BOB, bytes32, cidOfText, NETWORK, samplePayload } from '../support/samples.ts';

const vote = (sender: typeof ALICE, lamport = 1) =>
  signEnvelope(samplePayload('ATTEST', { lamport }, sender), sender, sha256).bytes;
const block = (text: string): Block => ({ cid: cidOf(utf8(text), 'raw', sha256), bytes: utf8(text) });

const verdict = (bytes: Uint8Array) => {
  const verified = verifyEntry(bytes, sodiumCrypto);
  return verified.ok ? 'accepted' : `${verified.code} ${verified.path}`.trim();
};

/** A TICK or other log verb whose evidence bytes are these, whatever they are. */
function entryOver(evidence: Uint8Array, verb: Verb = 'TICK'): Uint8Array {
  const payload = samplePayload(verb, { evidence: sha256(evidence) });
  return sealEntry(signEnvelope(payload, ALICE, sha256).bytes, evidence);
}

test('every log verb is sealed and verified; gossip has no place in the log', () => {
  for (const verb of ALL_VERBS) {
    const payload = samplePayload(verb);
    const evidence =
      payload.evidence === null ? null : encodeEvidence({ envelopes: [vote(ALICE)], blocks: [block('a')] });
    const own = evidence === null ? payload : samplePayload(verb, { evidence: sha256(evidence) });
    const { id, bytes } = signEnvelope(own, ALICE, sha256);
    const verified = verifyEntry(sealEntry(bytes, evidence), sodiumCrypto);
    if (!verified.ok) {
      expect([verb, verified.code]).toEqual([verb, 'not_a_log_verb']);
      continue;
    }
    const { entry } = verified;
    expect([entry.envelope.id, entry.envelope.bytes]).toEqual([id, bytes]);
    expect(entry.hash).toEqual(sha256(entry.bytes));
    expect([entry.evidence.envelopes.length, entry.evidence.blocks.size]).toEqual(evidence === null ? [0, 0] : [1, 1]);
  }
});

test('signEntry gives what sealEntry and signEnvelope give', () => {
  const { v: _v, policy: _p, evidence: _e, ...draft } = samplePayload('CERTIFY');
  const evidence = { envelopes: [vote(ALICE), vote(BOB)], blocks: [block('x')] };
  const signed = signEntry<'CERTIFY'>(draft as Omit<Draft<'CERTIFY'>, 'evidence'>, evidence, ALICE, sha256);
  const verified = verifyEntry(signed.bytes, sodiumCrypto);
  expect(verified.ok && verified.entry.envelope.id).toBe(signed.id);
  expect(verified.ok && [...verified.entry.evidence.blocks.keys()]).toEqual([block('x').cid]);
});

test('evidence is what the payload names, or the entry is none', () => {
  const evidence = encodeEvidence({ envelopes: [vote(ALICE)], blocks: [] });
  const other = encodeEvidence({ envelopes: [vote(BOB)], blocks: [] });
  const { bytes } = signEnvelope(samplePayload('TICK', { evidence: sha256(evidence) }), ALICE, sha256);
  expect(verdict(sealEntry(bytes, evidence))).toBe('accepted');
  expect(verdict(sealEntry(bytes, other))).toBe('evidence_mismatch evidence');
  expect(verdict(sealEntry(bytes, null))).toBe('evidence_mismatch evidence');
  const none = signEnvelope(samplePayload('STAKE'), ALICE, sha256);
  expect(verdict(sealEntry(none.bytes, evidence))).toBe('evidence_mismatch evidence');
});

test('every part of the evidence is judged', () => {
  const good = vote(ALICE);
  const forged = good.with(good.length - 1, (good.at(-1) ?? 0) ^ 1);
  const leaf = block('leaf');
  const pair = [linkOf(leaf.cid), leaf.bytes];
  const cases = [
    [[[good], [pair]], 'accepted'],
    [[[good, forged], []], 'bad_signature evidence.0.1'],
    [[[good, good], []], 'duplicate evidence.0.1'],
    [[[good.subarray(1)], []], 'trailing_bytes evidence.0.0'],
    [[['text'], []], 'wrong_type evidence.0.0'],
    [[[good], [pair, pair]], 'duplicate evidence.1.1'],
    [[[good], [[linkOf(leaf.cid), utf8('other')]]], 'block_mismatch evidence.1.0'],
    [[[good], [[linkOf(cidOf(leaf.bytes, 'dag-cbor', sha256)), leaf.bytes]]], 'accepted'],
    [[[good], [[linkOf(leaf.cid), leaf.bytes, 0]]], 'wrong_type evidence.1.0'],
    [[[good], [[leaf.cid, leaf.bytes]]], 'wrong_type evidence.1.0'],
    [[[good]], 'wrong_type evidence'],
    [[{}, []], 'wrong_type evidence.0'],
    [[[], null], 'wrong_type evidence.1'],
    [[Array.from({ length: 1025 }, () => 0), []], 'too_long evidence.0'],
    [[[], Array.from({ length: 1025 }, () => 0)], 'too_long evidence.1'],
    [[[], [[linkOf(leaf.cid), new Uint8Array(16_385)]]], 'block_too_large evidence.1.0'],
  ] as const;
  for (const [evidence, expected] of cases) expect(verdict(entryOver(encodeCbor(evidence as never)))).toBe(expected);
  expect(verdict(entryOver(utf8('not cbor')))).toMatch(/evidence$/);
  expect(verdict(entryOver(new Uint8Array(EVIDENCE_BYTES_MAX + 1)))).toBe('evidence_too_large evidence');
  expect(verdict(new Uint8Array(ENTRY_BYTES_MAX + 1))).toBe('entry_too_large');
});

test('the outside of an entry is judged before any signature', () => {
  const { crypto, verified } = countingCrypto();
  const { bytes } = signEnvelope(samplePayload('STAKE'), ALICE, sha256);
  const wires = [
    encodeCbor(null),
    encodeCbor([bytes, null]),
    bytes,
    sealEntry(bytes, null).slice(1),
    sealEntry(bytes, bytes32(1)),
  ];
  for (const wire of wires) expect(verifyEntry(wire, crypto).ok).toBe(false);
  expect(verified()).toBe(0);
  expect(() => sealEntry(bytes.subarray(1), null)).toThrow(TypeError);
});

test('votes of one batch cost one signature in an entry, none when the node knows them', () => {
  const payloads: Payload[] = Array.from({ length: 5 }, (_, i) => samplePayload('ATTEST', { lamport: 10 + i }, BOB));
  const votes = signBatch(payloads, BOB, sha256).map(({ bytes }) => bytes);
  const entry = entryOver(encodeEvidence({ envelopes: votes, blocks: [] }), 'CERTIFY');
  const { crypto, verified } = countingCrypto();
  expect(verifyEntry(entry, crypto).ok).toBe(true);
  expect(verified()).toBe(2);
  const memo = createMemo();
  expect(verifyEntry(entry, crypto, memo).ok).toBe(true);
  expect(verifyEntry(entry, crypto, memo).ok).toBe(true);
  expect(verified()).toBe(4);
});

test('a JOIN shows a credential of this key in this network, or none', () => {
  const claims = { org: 'acme', asn: 64_500, region: 'eu' };
  const join = (subject: typeof ALICE, network = NETWORK, change = {}) => {
    const credential = { ...signCredential(claims, subject.did, network, BOB), ...change };
    const { bytes } = signEnvelope(
      samplePayload('JOIN', { body: { tip: bytes32(1), length: 9, credential } }),
      ALICE,
      sha256,
    );
    return verdict(sealEntry(bytes, null));
  };
  const refused = 'bad_credential body.credential';
  expect(join(ALICE)).toBe('accepted');
  expect(join(BOB)).toBe(refused);
  expect(join(ALICE, cidOfText('another network'))).toBe(refused);
  for (const change of [
    { org: 'other' },
    { asn: 1 },
    { region: 'us' },
    { issuer: signerOf(3).did },
    { signature: new Uint8Array(64) },
  ]) {
    expect(join(ALICE, NETWORK, change)).toBe(refused);
  }
  expect(credentialHolds(signCredential(claims, ALICE.did, NETWORK, BOB), ALICE.did, NETWORK, sodiumCrypto)).toBe(true);
  const { bytes } = signEnvelope(
    samplePayload('JOIN', { body: { tip: bytes32(1), length: 9, credential: null } }),
    ALICE,
    sha256,
  );
  expect(verdict(sealEntry(bytes, null))).toBe('accepted');
});

test('an entry of a Buffer that is used again keeps what its envelope said', () => {
  const pooled = Buffer.from(entryOver(encodeEvidence({ envelopes: [vote(BOB)], blocks: [] })));
  const verified = verifyEntry(pooled, sodiumCrypto);
  if (!verified.ok) throw new Error(verified.code);
  const decodedBefore = decodeCbor(verified.entry.envelope.bytes);
  pooled.fill(0);
  expect(decodeCbor(verified.entry.envelope.bytes)).toEqual(decodedBefore);
});
