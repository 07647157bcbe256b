import { CHAIN_SKIP_MAX, chainNext } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import { memoryStore } from '@canswarm/memory';
import { type Did, toHex, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { HashChain } from '../src/hash-chain.ts';
import { RevealCursor } from '../src/reveal-cursor.ts';

const DID = 'did' as Did;
const { sha256 } = sodiumCrypto();
const LENGTH = 200;
const chain = new HashChain(sha256(utf8('chain')), LENGTH, sha256);

/** Reveals so many values, of which the log takes each; how many it then has left. */
function reveal(cursor: RevealCursor, count: number, left = LENGTH): number {
  let now = left;
  for (let at = 0; at < count; at += 1) now = cursor.next(now) ?? now;
  return now;
}

/** Steps that the law counts from a value to what the log has; 0 where they are too many. */
function steps(index: number, left: number): number {
  const tip = toHex(left === LENGTH ? chain.tip : chain.at(left));
  let value = chain.at(index);
  for (let count = 1; count <= CHAIN_SKIP_MAX; count += 1) {
    value = chainNext(sha256, value);
    if (toHex(value) === tip) return count;
  }
  return 0;
}

describe('reveals that the log lost', () => {
  it('are skipped, as many as the law takes', () => {
    const cursor = new RevealCursor(memoryStore(), DID);
    reveal(cursor, CHAIN_SKIP_MAX - 1);
    expect(cursor.cutOff(LENGTH)).toBeNull();
    const index = cursor.next(LENGTH) ?? -1;
    expect([index, steps(index, LENGTH)]).toEqual([LENGTH - CHAIN_SKIP_MAX, CHAIN_SKIP_MAX]);
  });

  it('are more than the log follows: no value is spent, and the chain goes on from the one above, over a restart too', () => {
    const store = memoryStore();
    const cursor = new RevealCursor(store, DID);
    reveal(cursor, CHAIN_SKIP_MAX);
    for (const again of [cursor, new RevealCursor(store, DID)]) {
      const rest = again.cutOff(LENGTH) ?? -1;
      expect(steps(rest - 1, LENGTH)).toBe(0);
      expect([again.next(LENGTH), again.cutOff(LENGTH)]).toEqual([null, rest]);
      // Joined with that, the log follows again.
      expect(again.cutOff(rest)).toBeNull();
      const index = again.next(rest) ?? -1;
      expect([index, steps(index, rest)]).toEqual([rest - 1, 1]);
    }
  });

  it('are all that there were: nothing is left to join with', () => {
    const cursor = new RevealCursor(memoryStore(), DID);
    reveal(cursor, LENGTH);
    expect([cursor.cutOff(LENGTH), cursor.next(LENGTH)]).toEqual([null, null]);
  });
});
