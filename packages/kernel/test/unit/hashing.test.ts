import { concat, u32be, utf8 } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { below, CHAIN_SKIP_MAX, chainNext, chainSteps, hashParts } from '../../src/hashing.ts';
import { sha256 } from '../support/keys.ts';

test('parts of any size are hashed with their lengths before them', () => {
  for (const size of [0, 1, 4_080, 4_096, 50_000]) {
    const part = new Uint8Array(size).fill(size % 251);
    const parts = [utf8('can/1/test'), part, utf8('12')];
    const due = sha256(concat(parts.flatMap((bytes) => [u32be(bytes.length), bytes])));
    expect(hashParts(sha256, 'can/1/test', [part, 12])).toEqual(due);
  }
});

test('a reveal leads to the tip of its chain in so many steps, or not at all', () => {
  const chain: Uint8Array[] = [new Uint8Array(32).fill(1)];
  for (let at = 0; at <= CHAIN_SKIP_MAX; at += 1) chain.push(chainNext(sha256, chain[at] ?? new Uint8Array()));
  const hexOf = (at: number): string => Buffer.from(chain[at] ?? []).toString('hex');
  const [preimage = new Uint8Array()] = chain;
  // Asked twice: what was worked out for one tip says nothing of another.
  for (const at of [0, 1, 2, CHAIN_SKIP_MAX, CHAIN_SKIP_MAX + 1, 1, 0])
    expect(chainSteps(sha256, preimage, hexOf(at))).toBe(at > CHAIN_SKIP_MAX ? 0 : at);
});

test('the first 128 bits of a hash are reduced exactly, whatever the limit', () => {
  for (const limit of [1, 2, 7, 1_000, 2 ** 31 + 11, 2 ** 36, 2 ** 36 + 1, Number.MAX_SAFE_INTEGER])
    for (let at = 0; at < 20; at += 1) {
      const hash = hashParts(sha256, 'can/1/test', [at]);
      const bits = BigInt(`0x${Buffer.from(hash.subarray(0, 16)).toString('hex')}`);
      expect(below(hash, limit)).toBe(Number(bits % BigInt(limit)));
    }
  expect(below(new Uint8Array(32).fill(255), 2 ** 36)).toBe(2 ** 36 - 1);
});
