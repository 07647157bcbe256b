import { describe, expect, it } from 'vitest';
import {
  type Capsule,
  capsuleCid,
  capsuleFromJson,
  capsuleHolds,
  capsuleToJson,
  cidOf,
  encodeCapsule,
  encodeSource,
  parseCapsule,
  signCapsule,
  utf8,
} from '../../src/index.ts';
import { nodeCrypto as crypto, signerOf } from '../support/crypto.ts';

const cid = (text: string) => cidOf(utf8(text), 'raw', crypto.sha256);

const CAPSULE: Capsule = {
  v: 1,
  name: 'base',
  schema: 1,
  engine: cid('engine'),
  source: cid('source'),
  parameters: { limit: 5, list: ['a', null, true] },
  gas: 1000,
  memoryBytes: 65_536,
  builtins: ['sprintf', 'strings.count'],
  conformance: cid('vector'),
};

describe('capsules', () => {
  it('are read as they were written', () => {
    expect(parseCapsule(encodeCapsule(CAPSULE))).toEqual({ ok: true, capsule: CAPSULE });
  });

  it('are refused beyond their bounds', () => {
    for (const wrong of [
      { name: '' },
      { name: 'x'.repeat(65) },
      { gas: 0 },
      { gas: 1_000_000_001 },
      { memoryBytes: 65_535 },
      { memoryBytes: 67_108_865 },
      { builtins: ['b', 'a'] },
      { builtins: ['a', 'a'] },
      { parameters: { '/': 'x' } },
      { parameters: { text: 'x'.repeat(20_000) } },
    ] as const) {
      expect(() => encodeCapsule({ ...CAPSULE, ...wrong } as Capsule)).toThrow();
    }
    expect(parseCapsule(new Uint8Array(16_385))).toMatchObject({ ok: false, code: 'block_too_large' });
    expect(parseCapsule(utf8('x'))).toMatchObject({ ok: false });
  });

  it('have another CID for each of their fields', () => {
    const others: readonly Partial<Capsule>[] = [
      { name: 'other' },
      { engine: cid('other') },
      { source: cid('other') },
      { parameters: {} },
      { gas: 1001 },
      { memoryBytes: 65_537 },
      { builtins: [] },
      { conformance: cid('other') },
    ];
    const cids = [CAPSULE, ...others.map((other) => ({ ...CAPSULE, ...other }))].map((one) =>
      capsuleCid(one, crypto.sha256),
    );
    expect(new Set(cids).size).toBe(others.length + 1);
  });

  it('are signed by an author, whoever it is, under the same CID', () => {
    const author = signerOf(1);
    const signed = signCapsule(CAPSULE, author);
    expect(capsuleHolds(signed, crypto)).toBe(true);
    expect(capsuleHolds({ ...signed, author: signerOf(2).did }, crypto)).toBe(false);
    expect(capsuleHolds({ ...signed, capsule: { ...CAPSULE, gas: 999 } }, crypto)).toBe(false);
    expect(capsuleHolds({ capsule: CAPSULE, author: null, signature: null }, crypto)).toBe(false);
    const read = capsuleFromJson(capsuleToJson(signed));
    expect(read).toEqual({ ok: true, signed });
  });

  it('are one line as a file, and no other line is one', () => {
    const line = capsuleToJson({ capsule: CAPSULE, author: null, signature: null });
    expect(line).not.toContain('\n');
    for (const wrong of [`${line} `, line.replace('"v":1', '"v":2'), '{}', '', line.replace('"gas":1000,', '')]) {
      expect(capsuleFromJson(wrong)).toMatchObject({ ok: false });
    }
    expect(capsuleFromJson('x'.repeat(70_000))).toMatchObject({ ok: false, code: 'line_too_large' });
  });

  it('name their source in whatever order it is given', () => {
    const [a, b] = [
      { name: 'a.rego', text: 'package a' },
      { name: 'b.rego', text: 'package b' },
    ];
    expect(encodeSource([b, a])).toEqual(encodeSource([a, b]));
    expect(encodeSource([a])).not.toEqual(encodeSource([b]));
  });
});
