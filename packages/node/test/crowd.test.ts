import { sodiumCrypto } from '@canswarm/local';
import { seededRandom, virtualClock } from '@canswarm/memory';
import type { Did } from '@canswarm/protocol';
import { expect, test } from 'vitest';
import { Backoff } from '../src/backoff.ts';
import { Crowd } from '../src/crowd.ts';

const did = (index: number): Did => `did:key:${index}` as Did;

test('a crowd is the different keys that raced of late, each verb by itself, at most 16', () => {
  const crowd = new Crowd();
  expect(crowd.of('CLAIM')).toBe(1);
  for (let index = 0; index < 32; index += 1) crowd.note({ verb: 'CLAIM', from: did(index % 3) });
  expect(crowd.of('CLAIM')).toBe(3);
  expect(crowd.of('CHALLENGE')).toBe(1);
  for (let index = 0; index < 40; index += 1) crowd.note({ verb: 'CLAIM', from: did(index) });
  expect(crowd.of('CLAIM')).toBe(16);
  for (let index = 0; index < 32; index += 1) crowd.note({ verb: 'CLAIM', from: did(7) });
  expect(crowd.of('CLAIM')).toBe(1);
});

test('what a crowd would do at once is spread over as many waits as there are keys', async () => {
  const longest: number[] = [];
  for (const crowd of [1, 8]) {
    const clock = virtualClock({ startMs: 1_000 });
    const random = seededRandom(Uint8Array.of(7), sodiumCrypto().sha256).stream('backoff');
    const backoff = new Backoff(clock, random, { turnMs: 50, mostMs: 20 });
    const waits: number[] = [];
    for (let key = 0; key < 200; key += 1) backoff.spread(`${key}`, crowd, () => waits.push(clock.now() - 1_000));
    await clock.runUntil(() => false, { untilMs: 5_000 });
    expect(waits).toHaveLength(200);
    longest.push(Math.max(...waits));
  }
  const [alone = 0, crowded = 0] = longest;
  expect(alone).toBeLessThanOrEqual(20);
  expect(crowded).toBeGreaterThan(120);
  expect(crowded).toBeLessThanOrEqual(160);
});
