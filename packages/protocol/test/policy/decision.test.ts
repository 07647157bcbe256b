import { describe, expect, it } from 'vitest';
import { cidOf, type PolicyDecision, policyDigest, readVerdict, toHex, utf8 } from '../../src/index.ts';
import { nodeCrypto as crypto } from '../support/crypto.ts';

const reason = (code: string, facts: Readonly<Record<string, string | number | boolean>> = {}) => ({
  rule: 'sizes',
  code,
  facts,
});
const DECISION: PolicyDecision = { allow: false, reasons: [reason('a', { bytes: 5 })], gasUsed: 77 };
const capsule = cidOf(utf8('capsule'), 'dag-cbor', crypto.sha256);
const input = utf8('{}');

const digest = (decision: PolicyDecision, text = input) => toHex(policyDigest(crypto.sha256, capsule, text, decision));

describe('verdicts', () => {
  it('list their reasons, and these their facts, in one order', () => {
    const listed = readVerdict({ allow: false, reasons: [reason('b'), reason('a', { z: 1, y: 2 }), reason('a')] });
    expect(JSON.stringify(listed?.reasons)).toBe(
      JSON.stringify([reason('a', { y: 2, z: 1 }), reason('a'), reason('b')]),
    );
  });

  it('are of one shape', () => {
    expect(readVerdict({ allow: true, reasons: [] })).toEqual({ allow: true, reasons: [] });
    for (const wrong of [
      ...[null, [], 'x', { allow: true }, { allow: 1, reasons: [] }, { allow: true, reasons: [], more: 1 }],
      { allow: true, reasons: [{ ...reason('a'), facts: null }] },
      { allow: true, reasons: [reason('')] },
      { allow: true, reasons: [reason('ä'.repeat(33))] },
      { allow: true, reasons: [reason('a', { x: 1.5 })] },
      { allow: true, reasons: [reason('a', { x: '\ud800' })] },
      { allow: true, reasons: [JSON.parse('{"rule":"r","code":"c","facts":{"__proto__":1}}')] },
      { allow: true, reasons: [reason('a', Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}`, i])))] },
    ]) {
      expect(readVerdict(wrong)).toBeUndefined();
    }
  });
});

describe('digests of evaluations', () => {
  it('cover capsule, input, decision and gas', () => {
    const others = [
      digest({ ...DECISION, allow: true }),
      digest({ ...DECISION, reasons: [] }),
      digest({ ...DECISION, reasons: [reason('a', { bytes: 6 })] }),
      digest({ ...DECISION, gasUsed: 78 }),
      digest(DECISION, utf8('{ }')),
      toHex(policyDigest(crypto.sha256, cidOf(utf8('other'), 'dag-cbor', crypto.sha256), input, DECISION)),
    ];
    expect(new Set([digest(DECISION), ...others]).size).toBe(others.length + 1);
    expect(digest(DECISION)).toBe(digest({ ...DECISION }));
  });
});
