import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createMemo,
  decodeCbor,
  encodeCbor,
  encodePayload,
  type Opened,
  openBatch,
  openEnvelope,
  parsePayload,
  signBatch,
  signEnvelope,
} from '../../src/index.ts';
import { payloadOfAnyVerb, senders } from '../support/arbitraries.ts';
import { sha256, sodiumCrypto } from '../support/crypto.ts';
import { ALICE, samplePayload } from '../support/samples.ts';

const payloads = (count: number, first = 0) =>
  Array.from({ length: count }, (_, i) => samplePayload('CANCEL', { lamport: first + i }));

test('payloads of every verb go there and back, and their envelopes open', () => {
  fc.assert(
    fc.property(payloadOfAnyVerb, ({ payload, sender }) => {
      expect(parsePayload(encodePayload(payload))).toEqual({ ok: true, value: payload });
      const opened = openEnvelope(signEnvelope(payload, sender, sha256).bytes, sodiumCrypto);
      expect(opened.ok && opened.envelope.payload).toEqual(payload);
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['single', signEnvelope(samplePayload('PROPOSE'), ALICE, sha256).bytes],
  ['batch', signBatch([...payloads(4), samplePayload('PROPOSE')], ALICE, sha256)[4]?.bytes ?? new Uint8Array()],
  ['batch, inner', signBatch(payloads(5), ALICE, sha256)[2]?.bytes ?? new Uint8Array()],
] as const)('every change of one byte of a %s envelope is refused', (_name, bytes) => {
  expect(openEnvelope(bytes, sodiumCrypto).ok).toBe(true);
  const bent = bytes.slice();
  for (const [at, byte] of bytes.entries()) {
    for (const change of [1, 4, 16, 32, 64, 128, (7 * at + 3) & 255]) {
      if (change === 0) continue;
      bent[at] = byte ^ change;
      const opened = openEnvelope(bent, sodiumCrypto);
      if (opened.ok) expect.fail(`byte ${at} changed by ${change} was taken`);
    }
    bent[at] = byte;
  }
  for (let length = 0; length < bytes.length; length += 1)
    expect(openEnvelope(bytes.subarray(0, length), sodiumCrypto).ok).toBe(false);
});

/** Envelopes as a peer may send them: whole and partial batches, singles, copies, and damage of many kinds. */
const mail = fc
  .array(
    fc.record({
      size: fc.integer({ min: 1, max: 9 }),
      sender: fc.nat(senders.length - 1),
      damage: fc.constantFrom(
        'none',
        'none',
        'drop',
        'repeat',
        'proof byte',
        'payload byte',
        'any byte',
        'other path',
        'other signature',
        'foreign member',
      ),
      at: fc.nat(),
      bit: fc.nat(7),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .chain((batches) => fc.tuple(fc.constant(batches), fc.infiniteStream(fc.nat())))
  .map(([batches, stream]) => {
    const envelopes: Uint8Array[] = [];
    for (const [index, { size, sender, damage, at, bit }] of batches.entries()) {
      const signer = senders[sender];
      if (signer === undefined) throw new Error('a sender');
      const sign = (first: number) =>
        signBatch(
          Array.from({ length: size }, (_, i) => samplePayload('CANCEL', { lamport: first + i }, signer)),
          signer,
          sha256,
        ).map(({ bytes }) => bytes);
      const batch = sign(100 * index);
      const other = sign(100 * index + 50);
      const victim = at % size;
      const bytes = batch[victim] ?? new Uint8Array();
      const proofStart = bytes.length - 70;
      const flip = (where: number) => bytes.with(where, (bytes[where] ?? 0) ^ (1 << bit));
      const decoded = decodeCbor(bytes);
      const [payload, proof] = decoded.ok ? (decoded.value as unknown as [Uint8Array, unknown[]]) : [bytes, []];
      if (damage === 'drop') batch.splice(victim, 1);
      if (damage === 'repeat') batch.push(bytes);
      if (damage === 'proof byte') batch[victim] = flip(proofStart + (at % 70));
      if (damage === 'payload byte') batch[victim] = flip(at % proofStart);
      if (damage === 'any byte') batch[victim] = flip(at % bytes.length);
      if (damage === 'other path')
        batch[victim] = encodeCbor([
          payload,
          proof.with(
            3,
            (proof[3] as Uint8Array[]).map(() => new Uint8Array(32)),
          ) as never,
        ]);
      if (damage === 'other signature')
        batch[victim] = encodeCbor([payload, proof.with(4, new Uint8Array(64).fill(at & 255)) as never]);
      if (damage === 'foreign member') batch[victim] = other[victim] ?? bytes;
      envelopes.push(...batch);
    }
    for (let i = envelopes.length - 1; i > 0; i -= 1) {
      const j = Number(stream.next().value) % (i + 1);
      [envelopes[i], envelopes[j]] = [envelopes[j] ?? new Uint8Array(), envelopes[i] ?? new Uint8Array()];
    }
    return envelopes;
  });

test('a batch opened together has the verdicts of its envelopes opened one by one', () => {
  let refused = 0;
  let accepted = 0;
  const count = (opened: Opened) => {
    if (opened.ok) accepted += 1;
    else refused += 1;
  };
  fc.assert(
    fc.property(mail, (envelopes) => {
      const together = openBatch(envelopes, sodiumCrypto);
      const alone = envelopes.map((bytes) => openEnvelope(bytes, sodiumCrypto));
      together.forEach(count);
      expect(together).toEqual(alone);
      // and again with a memo that knows some of them
      const memo = createMemo();
      for (const bytes of envelopes.filter((_, i) => i % 2 === 0)) openEnvelope(bytes, sodiumCrypto, memo);
      expect(openBatch(envelopes, sodiumCrypto, memo)).toEqual(alone);
    }),
    { numRuns: 25 },
  );
  expect(refused).toBeGreaterThan(5);
  expect(accepted).toBeGreaterThan(40);
});
