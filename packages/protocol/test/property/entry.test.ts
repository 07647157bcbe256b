import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cidOf,
  createMemo,
  encodeCbor,
  encodeEvidence,
  entryFromJson,
  entryToJson,
  sealEntry,
  signBatch,
  signEnvelope,
  splitEntry,
  utf8,
  verifyEntry,
} from '../../src/index.ts';
import { payloadOfAnyVerb } from '../support/arbitraries.ts';
import { sha256, sodiumCrypto } from '../support/crypto.ts';
import { ALICE, BOB, samplePayload } from '../support/samples.ts';

const words = utf8('a block of evidence');
const evidence = encodeEvidence({
  envelopes: [
    signEnvelope(samplePayload('REPORT'), ALICE, sha256).bytes,
    ...signBatch(
      [samplePayload('REPORT', { lamport: 1 }, BOB), samplePayload('REPORT', { lamport: 2 }, BOB)],
      BOB,
      sha256,
    ).map(({ bytes }) => bytes),
  ],
  blocks: [{ cid: cidOf(words, 'raw', sha256), bytes: words }],
});
const entry = sealEntry(
  signEnvelope(samplePayload('TICK', { evidence: sha256(evidence) }), ALICE, sha256).bytes,
  evidence,
);

test('every change of one byte of an entry with evidence is refused', () => {
  const memo = createMemo();
  expect(verifyEntry(entry, sodiumCrypto, memo).ok).toBe(true);
  const bent = entry.slice();
  const codes = new Map<string, number>();
  for (const [at, byte] of entry.entries()) {
    for (const change of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
      bent[at] = byte ^ change;
      const verdict = verifyEntry(bent, sodiumCrypto, memo);
      if (verdict.ok) expect.fail(`byte ${at} changed by ${change} was taken`);
      codes.set(verdict.code, (codes.get(verdict.code) ?? 0) + 1);
    }
    bent[at] = byte;
  }
  expect(verifyEntry(bent, sodiumCrypto, memo).ok).toBe(true);
  for (const code of ['evidence_mismatch', 'bad_signature', 'not_canonical', 'lacking_field'] as const)
    expect(codes.get(code)).toBeGreaterThan(0);
});

test('random bytes are refused with a code', () => {
  const random = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .tuple(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }))
      .map(([a, b]) => encodeCbor([a, [0, new Uint8Array(64)], b])),
  );
  fc.assert(
    fc.property(random, (bytes) => {
      const verdict = verifyEntry(bytes, sodiumCrypto);
      expect(!verdict.ok && verdict.code.length > 0).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a line gives back every byte of an entry, of a forged one, and of anything else', () => {
  const sealed = payloadOfAnyVerb.map(({ payload, sender }) =>
    sealEntry(signEnvelope(payload, sender, sha256).bytes, payload.evidence === null ? null : evidence),
  );
  const bent = fc
    .tuple(fc.oneof(sealed, fc.constant(entry)), fc.nat(), fc.nat(255))
    .map(([bytes, at, to]) => bytes.with(at % bytes.length, to));
  fc.assert(
    fc.property(fc.oneof(sealed, bent, fc.uint8Array({ maxLength: 300 }), fc.constant(entry)), (bytes) => {
      const line = entryToJson(bytes);
      expect(line.includes('\n')).toBe(false);
      const back = entryFromJson(line);
      expect(back.ok && Buffer.from(back.bytes).equals(Buffer.from(bytes))).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('a sound entry is shown decoded', () => {
  const line = entryToJson(entry);
  expect(line).toContain('"verb":"TICK"');
  expect(line.match(/"verb":"REPORT"/g)).toHaveLength(3);
  expect(line).not.toContain('"raw"');
});

test('any line but the printed one is refused', () => {
  const line = entryToJson(entry);
  const lines = [
    '',
    'null',
    '{}',
    ` ${line}`,
    `${line}\n`,
    line.replace(':', ': '),
    line.replace('"epoch":1', '"epoch":1.0'),
    line.replace('"epoch":1', '"epoch":1e0'),
    line.replace('TICK', '\\u0054ICK'),
    line.replace('"epoch":1,', '"epoch":1,"epoch":1,'),
    JSON.stringify(JSON.parse(line), null, 1),
    entryToJson(Uint8Array.of(1)).replace('raw', 'row'),
    `{"raw":{"/":{"bytes":"${Buffer.from(entry).toString('base64').replaceAll('=', '')}"}}}`,
    '{"raw":{"/":{"bytes":"AQ=="}}}',
    '{"raw":{"/":{"bytes":"AR"}}}',
    '{"raw":{"/":"bafy"}}',
    '{"raw":"AQ"}',
    `{"envelope":${'['.repeat(5000)}${']'.repeat(5000)},"evidence":null}`,
    line.replace('"evidence":{', '"evidence":{"more":1,'),
  ];
  for (const bad of lines)
    expect([bad.slice(0, 60), entryFromJson(bad)]).toEqual([
      bad.slice(0, 60),
      { ok: false, code: 'bad_line', path: '' },
    ]);
  expect(entryFromJson(' '.repeat(5_000_000))).toEqual({ ok: false, code: 'line_too_large', path: '' });
  expect(splitEntry(entry).ok).toBe(true);
});

test('changing any character of a line is refused or changes the bytes', () => {
  const line = entryToJson(entry);
  for (let at = 0; at < line.length; at += 7) {
    const other = line[at] === 'a' ? 'b' : 'a';
    const back = entryFromJson(`${line.slice(0, at)}${other}${line.slice(at + 1)}`);
    if (back.ok) expect(Buffer.from(back.bytes).equals(Buffer.from(entry))).toBe(false);
  }
});
