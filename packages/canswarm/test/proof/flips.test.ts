import { describe, expect, it } from 'vitest';
import { ProofMemo } from '../../src/proof/proof-memo.ts';
import { verifyBytes } from '../../src/proof/verify-proof.ts';
import { bitAt, bitCount, type Flaw, Flipper } from './bitflips/flip.ts';
import { LineMemo } from './bitflips/line-memo.ts';
import { crypto } from './small-log.ts';
import { smallAgentProof, smallProof } from './small-proof.ts';

/** Bits apart; a prime, so that every bit of a byte and every kind of byte gets its turn. */
const STRIDE = 397;
const AUDIT = 'proof/audit.jsonl';

describe('a flipped bit', () => {
  it.each([
    ['a brief', smallProof],
    ['an agent’s result', smallAgentProof],
  ])('anywhere in a proof of %s is noticed, and the broken line, block or file is named', async (_name, proof) => {
    const { files } = await proof();
    const memo = new ProofMemo();
    expect(verifyBytes(files, { crypto, memo }).ok).toBe(true);
    const flipper = new Flipper(files, memo);
    const flaws: Flaw[] = [];
    const tried = new Set<string>();
    for (let number = 0; number < bitCount(files); number += STRIDE) {
      const bit = bitAt(files, number);
      tried.add(bit.file);
      const flaw = flipper.flip(bit);
      if (flaw !== null) flaws.push(flaw);
    }
    expect(flaws).toEqual([]);
    expect([...tried].sort()).toEqual([...files.keys()].sort());
  });

  it('is judged alike with and without what is known of its line', async () => {
    const { files } = await smallProof();
    const [plain, quick] = [new ProofMemo(), new LineMemo()];
    for (const memo of [plain, quick]) expect(verifyBytes(files, { crypto, memo }).ok).toBe(true);
    const whole = files.get(AUDIT) ?? new Uint8Array();
    const audit = whole.slice();
    const changed = new Map(files).set(AUDIT, audit);
    const bits = 8 * audit.length;
    for (let number = 0; number < bits; number += 8 * 41 + 1) {
      audit[number >>> 3] = (whole[number >>> 3] ?? 0) ^ (1 << (number & 7));
      const [slow, fast] = [plain, quick].map((memo) => verifyBytes(changed, { crypto, memo }));
      expect(fast).toEqual(slow);
      audit[number >>> 3] = whole[number >>> 3] ?? 0;
    }
  });

  it('is found unnoticed by this very test where verification is blind', async () => {
    const { files } = await smallProof();
    const blind = new ProofMemo();
    // A memo that says of any bytes what it said of the first.
    const first = new Map<string, object>();
    blind.once = (name, _bytes, make) => {
      const value = first.get(name) ?? make();
      first.set(name, value);
      return value as ReturnType<typeof make>;
    };
    expect(verifyBytes(files, { crypto, memo: blind }).ok).toBe(true);
    const flaw = new Flipper(files, blind).flip({ file: AUDIT, byte: 500, bit: 0 });
    expect(flaw).toMatchObject({ kind: 'unnoticed', file: AUDIT, byte: 500 });
  });
});
