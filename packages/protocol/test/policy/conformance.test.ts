import { describe, expect, it } from 'vitest';
import { cidOf, conformDigest, parseVector, toHex, utf8, vectorOfPieces, vectorPieces } from '../../src/index.ts';
import { nodeCrypto } from '../support/crypto.ts';
import { ALICE, BOB } from '../support/samples.ts';

const { sha256 } = nodeCrypto;
const decision = { allow: true, reasons: [], gasUsed: 7 };
const vectorOf = (cases: unknown): Uint8Array => utf8(JSON.stringify({ cases }));
const VECTOR = vectorOf([{ name: 'a', input: { b: [1] }, decision }]);
const CAPSULE = cidOf(utf8('capsule'), 'dag-cbor', sha256);

describe('a conformance vector', () => {
  it('is cases of inputs, as engines get them, with decisions', () => {
    expect(parseVector(VECTOR)).toEqual([{ name: 'a', input: utf8('{"b":[1]}'), decision }]);
    expect(parseVector(vectorOf([]))).toEqual([]);
  });

  it('is refused where anything of it is something else', () => {
    const one = { name: 'a', input: {}, decision };
    for (const odd of [
      { cases: one },
      { ...one, name: 1 },
      { name: 'a', decision },
      { ...one, decision: { ...decision, gasUsed: -1 } },
      { ...one, decision: { ...decision, gasUsed: 0.5 } },
      { ...one, decision: { ...decision, allow: 'yes' } },
      { ...one, decision: null },
      null,
    ])
      expect(parseVector(vectorOf([odd]))).toBeNull();
    expect(parseVector(vectorOf(Array.from({ length: 1025 }, () => one)))).toBeNull();
    for (const odd of [utf8('{}'), utf8('{'), utf8('null'), new Uint8Array([0xff])])
      expect(parseVector(odd)).toBeNull();
  });

  it('comes in pieces of an entry, and is known by its name', () => {
    const large = vectorOf([{ name: 'a'.repeat(40_000), input: {}, decision }]);
    for (const vector of [VECTOR, large]) {
      const taken = vectorPieces(vector, sha256);
      if (taken === null) return expect.fail('it has room');
      const blocks = new Map(taken.blocks.map(({ cid, bytes }) => [cid, bytes]));
      expect(vectorOfPieces(taken, blocks, cidOf(vector, 'raw', sha256), sha256)).toEqual(parseVector(vector));
      expect(vectorOfPieces(taken, blocks, CAPSULE, sha256)).toBeNull();
      expect(vectorOfPieces(taken, new Map(), cidOf(vector, 'raw', sha256), sha256)).toBeNull();
    }
    expect(vectorPieces(new Uint8Array(491_521), sha256)).toBeNull();
  });
});

describe('a vector', () => {
  const nested = (depth: number): Uint8Array => {
    const text = `{"cases":[{"name":"[[[","input":${'['.repeat(depth)}"\\"]]]"${']'.repeat(depth)},"decision":{"allow":true,"reasons":[],"gasUsed":7}}]}`;
    return new TextEncoder().encode(text);
  };

  it('that is nested deeply is none, whatever stack reads it', () => {
    expect(parseVector(nested(61))).toHaveLength(1);
    expect(parseVector(nested(62))).toBeNull();
    expect(parseVector(nested(200_000))).toBeNull();
  });
});

describe('what a member says that it decided', () => {
  const decisions = parseVector(VECTOR) ?? [];
  const said = (own: Partial<Parameters<typeof conformDigest>[0]> = {}): string =>
    toHex(conformDigest({ did: ALICE.did, capsule: CAPSULE, decisions, ...own }, sha256));

  it('depends on who says it, on the policy, and on each decision with its gas', () => {
    const dearer = decisions.map((one) => ({ ...one, decision: { ...one.decision, gasUsed: 8 } }));
    const all = [
      said(),
      said({ did: BOB.did }),
      said({ capsule: null }),
      said({ decisions: dearer }),
      said({ decisions: [] }),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(said({ capsule: null })).toBe(said({ capsule: null, decisions: [] }));
  });
});
