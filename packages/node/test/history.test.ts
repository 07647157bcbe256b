import type { State } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import { memoryMeter, seededRandom, virtualClock } from '@canswarm/memory';
import type { Transport, Verdict } from '@canswarm/ports';
import { concat, decodeCbor, encodeCbor, isList, utf8, type VerifiedEnvelope } from '@canswarm/protocol';
import { describe, expect, test } from 'vitest';
import { History } from '../src/history.ts';

const { sha256 } = sodiumCrypto();
const state = { position: 0 } as State;
const VIEW = { changes: 0, isFit: () => true };
/** As many as an answer may have. */
const ANSWER = encodeCbor(Array.from({ length: 2_048 }, (_, index) => utf8(`${index}`)));

/** A node whose only peer answers with as much as it may, and is met again and again. */
async function meet(verdict: Verdict, times: number): Promise<{ readonly asked: number; readonly heard: number }> {
  const clock = virtualClock({ startMs: 1_000 });
  const random = seededRandom(Uint8Array.of(1), sha256);
  let [asked, heard] = [0, 0];
  let tell: (peers: readonly string[]) => void = () => undefined;
  const transport: Pick<Transport, 'peers' | 'onPeers' | 'serve' | 'request'> = {
    peers: () => [],
    onPeers: (listener) => {
      tell = listener;
      return () => undefined;
    },
    serve: () => () => undefined,
    request: async () => {
      asked += 1;
      return ANSWER;
    },
  };
  const hear = (): Verdict => {
    heard += 1;
    return verdict;
  };
  const ports = { clock, random, meter: memoryMeter(), transport: transport as Transport };
  const history = new History(ports, sha256, { view: { ...VIEW, held: () => [] }, state }, hear);
  history.start();
  for (let time = 0; time < times; time += 1) {
    tell(['peer']);
    await clock.runUntil(() => false, { untilMs: clock.now() + 100 });
    tell([]);
  }
  history.close();
  return { asked, heard };
}

/** A node that others ask, and what it holds. */
function answering(isFit: (envelope: VerifiedEnvelope) => boolean = () => true) {
  const clock = virtualClock({ startMs: 1_000 });
  const random = seededRandom(Uint8Array.of(1), sha256);
  let ask: (request: Uint8Array, from: string) => Promise<Uint8Array | null> = async () => null;
  const transport: Pick<Transport, 'peers' | 'onPeers' | 'serve'> = {
    peers: () => [],
    onPeers: () => () => undefined,
    serve: (_, handler) => {
      ask = handler;
      return () => undefined;
    },
  };
  const held = new Map<string, VerifiedEnvelope[]>();
  let changes = 0;
  let asker = 0;
  const view = {
    isFit,
    get changes() {
      return changes;
    },
    held: () => [...held].map(([key, envelopes]) => ({ key, version: `${envelopes.length}`, envelopes })),
  };
  const ports = { clock, random, meter: memoryMeter(), transport: transport as Transport };
  new History(ports, sha256, { view, state }, () => 'ignore').start();
  return {
    held,
    hear: (key: string, hash: string, bytes = utf8(hash)): void => {
      const all = held.get(key) ?? [];
      all.push({ hash, bytes } as VerifiedEnvelope);
      held.set(key, all);
      changes += 1;
    },
    forget: (key: string): void => {
      held.delete(key);
      changes += 1;
    },
    asked: (names: readonly Uint8Array[]) => {
      asker += 1;
      return ask(concat(names), `peer ${asker}`);
    },
  };
}

/** What an answer gives. */
function textsOf(answer: Uint8Array | null): readonly string[] {
  const decoded = decodeCbor(answer ?? new Uint8Array());
  if (!decoded.ok || !isList(decoded.value)) throw new Error('no answer');
  return decoded.value.map((item) => new TextDecoder().decode(item as Uint8Array));
}

const inOrder = (answer: Uint8Array | null): readonly string[] => [...textsOf(answer)].sort();

describe('gossip that was missed', () => {
  test('is taken whole while it is of use, whenever a peer comes back', async () => {
    expect(await meet('accept', 3)).toEqual({ asked: 3, heard: 24 });
    expect(await meet('known', 3)).toEqual({ asked: 3, heard: 24 });
  });

  test('that is of no use is left after its first part, and its peer is asked again', async () => {
    expect(await meet('ignore', 50)).toEqual({ asked: 50, heard: 50 });
  });

  test('that does not verify is left, and its peer is not asked again at once', async () => {
    expect(await meet('reject', 50)).toEqual({ asked: 1, heard: 1 });
  });

  test('is asked for, and given, by what a node holds now', async () => {
    const { hear, asked, forget } = answering();
    const name = (hashes: readonly string[]) => sha256(concat(hashes.map(utf8))).slice(0, 16);
    const answer = (hashes: readonly string[]) => encodeCbor(hashes.map(utf8));
    hear('one', 'b');
    expect(await asked([name(['b'])])).toEqual(answer([]));
    expect(await asked([])).toEqual(answer(['b']));
    hear('one', 'a');
    hear('two', 'c');
    expect(inOrder(await asked([name(['b'])]))).toEqual(['a', 'b', 'c']);
    expect(await asked([name(['a', 'b'])])).toEqual(answer(['c']));
    expect(await asked([name(['c']), name(['a', 'b'])])).toEqual(answer([]));
    forget('one');
    expect(await asked([name(['a', 'b'])])).toEqual(answer(['c']));
    expect(await asked([new Uint8Array(15)])).toBeNull();
    expect(await asked([new Uint8Array(16 * 2_049)])).toBeNull();
  });

  test('is given of every need to whoever asks a few times, however much there is of others', async () => {
    const { hear, asked, held } = answering();
    for (let need = 0; need < 24; need += 1)
      for (let index = 0; index < 300; index += 1) hear(`need ${need}`, `${need}/${index}`);
    const seen = new Set<string>();
    for (let time = 0; time < 60; time += 1) {
      const given = textsOf(await asked([]));
      expect(given).toHaveLength(2_048);
      const needs = given.map((text) => text.split('/')[0] ?? '');
      expect(new Set(needs).size).toBe(8);
      for (const need of needs) seen.add(need);
    }
    expect(seen.size).toBe(held.size);
  });

  test('is given of one need as much as fits, from anywhere on, in order', async () => {
    const { hear, asked } = answering();
    for (let index = 0; index < 3_000; index += 1) hear('need', String(index).padStart(4, '0'));
    const seen = new Set<string>();
    for (let time = 0; time < 30; time += 1) {
      const given = textsOf(await asked([]));
      expect(given).toHaveLength(2_048);
      expect(given).toEqual([...given].sort());
      for (const text of given) seen.add(text);
    }
    expect(seen.size).toBe(3_000);
  });

  test('is given within a bound of bytes, of which large gossip of one need does not take all', async () => {
    const { hear, asked } = answering();
    for (let need = 0; need < 8; need += 1)
      for (let index = 0; index < 64; index += 1) hear(`need ${need}`, `${need}/${index}`, new Uint8Array(16_384));
    hear('small', 'small');
    const answer = await asked([]);
    expect(answer?.length).toBeLessThanOrEqual(2_097_152 + 131_072);
    expect(textsOf(answer).length).toBeGreaterThanOrEqual(7 * 16);
    const lacksSmall = async (): Promise<boolean> => !textsOf(await asked([])).includes('small');
    let times = 0;
    while ((await lacksSmall()) && times < 50) times += 1;
    expect(times).toBeLessThan(50);
  });

  test('is not given where nobody takes it any more, and takes no room', async () => {
    const { hear, asked } = answering(({ hash }) => !hash.startsWith('over'));
    for (let index = 0; index < 4_000; index += 1) hear('one', `over ${index}`);
    hear('one', 'a');
    hear('two', 'b');
    expect(inOrder(await asked([]))).toEqual(['a', 'b']);
  });
});
