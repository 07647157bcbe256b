import { createHash } from 'node:crypto';
import { memoryContent, memoryHub, seededRandom, virtualClock } from '@canswarm/memory';
import type { ContentStore, Transport } from '@canswarm/ports';
import { contentStoreCompliance } from '@canswarm/ports/compliance';
import { type Cid, cidOf, encodeCbor, linkOf } from '@canswarm/protocol';
import { describe, expect, test } from 'vitest';
import { peerContent } from '../src/index.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const BLOCKS = 'can/blocks/1';
const LIMITS = { deadlineMs: 5_000, maxBytes: 1_048_576 };

function world() {
  const clock = virtualClock({ startMs: 1_000 });
  const random = seededRandom(Uint8Array.of(7), sha256);
  const hub = memoryHub({ clock, random });
  const node = (id: string): { content: ContentStore; local: ContentStore; transport: Transport; asked: number[] } => {
    const transport = hub.endpoint(id);
    const local = memoryContent(sha256);
    const asked: number[] = [];
    const watched: Transport = {
      ...transport,
      request(peer, protocol, request, options) {
        asked.push(clock.now());
        return transport.request(peer, protocol, request, options);
      },
    };
    return { content: peerContent({ local, transport: watched, clock, sha256 }), local, transport, asked };
  };
  return { clock, hub, node };
}

const bytesOf = (index: number, length = 64): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (index >> (8 * (at % 3))) & 255);

describe('blocks of peers', () => {
  test('come from whoever has them, and stay', async () => {
    const { clock, node } = world();
    const [a, b, c] = [node('a'), node('b'), node('c')];
    const cid = await b.local.put(bytesOf(1), 'raw');
    expect(await clock.settled(a.content.get(cid, LIMITS))).toEqual(bytesOf(1));
    expect(await a.local.has(cid)).toBe(true);
    expect(await c.local.has(cid)).toBe(false);
  });

  test('are asked for in batches: a thousand in few round trips', async () => {
    const { clock, node } = world();
    const [a, b] = [node('a'), node('b')];
    const cids: Cid[] = [];
    for (let index = 0; index < 1_000; index += 1) cids.push(await b.local.put(bytesOf(index, 16_384), 'raw'));
    const got = await clock.settled(Promise.all(cids.map((cid) => a.content.get(cid, LIMITS))));
    expect(got.map((bytes) => cidOf(bytes, 'raw', sha256))).toEqual(cids);
    expect(a.asked.length).toBeLessThan(40);
  });

  test('are asked for once, however many wait', async () => {
    const { clock, node } = world();
    const [a, b] = [node('a'), node('b')];
    const cid = await b.local.put(bytesOf(3), 'raw');
    await clock.settled(Promise.all(Array.from({ length: 50 }, () => a.content.get(cid, LIMITS))));
    expect(a.asked.length).toBe(1);
  });

  test('of somebody who comes later are still had before the deadline', async () => {
    const { clock, node } = world();
    const a = node('a');
    const cid = cidOf(bytesOf(4), 'raw', sha256);
    const got = a.content.get(cid, LIMITS);
    await clock.runUntil(() => false, { untilMs: clock.now() + 2_000 });
    await node('b').local.put(bytesOf(4), 'raw');
    expect(await clock.settled(got)).toEqual(bytesOf(4));
  });

  test('that nobody has fail at the deadline, not later', async () => {
    const { clock, node } = world();
    const a = node('a');
    node('b');
    const cid = cidOf(bytesOf(5), 'raw', sha256);
    const failed = a.content.get(cid, { ...LIMITS, deadlineMs: 700 }).catch((error: { code: string }) => error.code);
    const startedAt = clock.now();
    expect(await clock.settled(failed)).toBe('not_found');
    expect(clock.now() - startedAt).toBe(700);
  });
});

describe('peers that mean harm', () => {
  const lies: Readonly<Record<string, (cid: Cid) => Promise<Uint8Array | null>>> = {
    'other bytes': async () => encodeCbor([bytesOf(9)]),
    'more than was asked for': async () => encodeCbor([null, bytesOf(9), bytesOf(8)]),
    'an empty list': async () => encodeCbor([]),
    'no list': async () => encodeCbor({ blocks: 1 }),
    garbage: async () => Uint8Array.of(255, 255),
    'a refusal': async () => null,
    'too much': async () => new Uint8Array(3_500_000),
    nothing: () => new Promise(() => undefined),
  };
  for (const [name, lie] of Object.entries(lies)) {
    test(`answer with ${name}: the block comes from somebody else, in time`, async () => {
      const { clock, hub, node } = world();
      const a = node('a');
      for (const id of ['liar-1', 'liar-2', 'liar-3']) hub.endpoint(id).serve(BLOCKS, () => lie(cid));
      const honest = node('z');
      const cid = await honest.local.put(bytesOf(6), 'raw');
      const startedAt = clock.now();
      expect(await clock.settled(a.content.get(cid, LIMITS))).toEqual(bytesOf(6));
      expect(clock.now() - startedAt).toBeLessThan(1_500);
      expect(await a.local.has(cidOf(bytesOf(9), 'raw', sha256))).toBe(false);
    });
  }

  test('are many and say nothing: blocks come from somebody else, first in time, then at once', async () => {
    const { clock, hub, node } = world();
    const a = node('a');
    for (let index = 0; index < 32; index += 1)
      hub.endpoint(`liar-${index}`).serve(BLOCKS, () => new Promise(() => undefined));
    const honest = node('z');
    const took: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      const cid = await honest.local.put(bytesOf(index), 'raw');
      const startedAt = clock.now();
      expect(await clock.settled(a.content.get(cid, { ...LIMITS, deadlineMs: 15_000 }))).toEqual(bytesOf(index));
      took.push(clock.now() - startedAt);
    }
    expect(Math.max(...took.slice(1))).toBeLessThan(500);
  });

  test('are many and say nothing: who lacked a block before is asked for the next', async () => {
    const { clock, hub, node } = world();
    const a = node('a');
    const honest = node('z');
    const none = cidOf(bytesOf(1), 'raw', sha256);
    await clock.settled(a.content.get(none, { ...LIMITS, deadlineMs: 500 }).catch(() => undefined));
    for (let index = 0; index < 16; index += 1)
      hub.endpoint(`liar-${index}`).serve(BLOCKS, () => new Promise(() => undefined));
    const cid = await honest.local.put(bytesOf(2), 'raw');
    expect(await clock.settled(a.content.get(cid, LIMITS))).toEqual(bytesOf(2));
  });

  test('ask with what is no request, or without end: they are refused, others are served', async () => {
    const { clock, hub, node } = world();
    const a = node('a');
    const evil = hub.endpoint('evil');
    const ask = (request: Uint8Array): Promise<string> =>
      clock.settled(
        evil.request('a', BLOCKS, request, { deadlineMs: 1_000, maxBytes: 4_000_000 }).then(
          () => 'answered',
          (error: { code: string }) => error.code,
        ),
      );
    expect(await ask(Uint8Array.of(255))).toBe('refused');
    expect(await ask(encodeCbor([1, 2]))).toBe('refused');
    const large = await a.local.put(new Uint8Array(1_000_000), 'raw');
    const answers: string[] = [];
    for (let round = 0; round < 80; round += 1) answers.push(await ask(encodeCbor([linkOf(large)])));
    expect(answers).toContain('refused');
    expect(await clock.settled(node('b').content.get(large, LIMITS))).toHaveLength(1_000_000);
  });

  test('leave in the middle: the rest comes from others', async () => {
    const { clock, hub, node } = world();
    const [a, b, c] = [node('a'), node('b'), node('c')];
    const cids: Cid[] = [];
    for (let index = 0; index < 300; index += 1) {
      cids.push(await b.local.put(bytesOf(index, 16_384), 'raw'));
      await c.local.put(bytesOf(index, 16_384), 'raw');
    }
    const got = Promise.all(cids.map((cid) => a.content.get(cid, LIMITS)));
    await clock.runUntil(() => false, { untilMs: clock.now() + 8 });
    hub.remove('b');
    expect((await clock.settled(got)).length).toBe(300);
  });
});

contentStoreCompliance('peerContent', () => {
  const { clock, node } = world();
  node('b');
  const { content } = node('a');
  const drive = <T>(promise: Promise<T>): Promise<T> => clock.settled(promise);
  const dispose = async (): Promise<void> => void (await drive(content.close()));
  return { drive, settle: async () => undefined, dispose, content, sha256, tamper: null, reopen: null };
});
