import { sodiumCrypto } from '@canswarm/local';
import { memoryMeter, seededRandom, virtualClock } from '@canswarm/memory';
import type { Transport, Verdict } from '@canswarm/ports';
import { concat, encodeCbor, utf8, type VerifiedEnvelope } from '@canswarm/protocol';
import { describe, expect, test } from 'vitest';
import { History } from '../src/history.ts';

const { sha256 } = sodiumCrypto();
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
  const history = new History(ports, sha256, { changes: 0, held: () => [] }, hear);
  history.start();
  for (let time = 0; time < times; time += 1) {
    tell(['peer']);
    await clock.runUntil(() => false, { untilMs: clock.now() + 100 });
    tell([]);
  }
  history.close();
  return { asked, heard };
}

describe('gossip that was missed', () => {
  test('is taken whole while it is of use, whenever a peer comes back', async () => {
    expect(await meet('accept', 3)).toEqual({ asked: 3, heard: 24 });
    expect(await meet('known', 3)).toEqual({ asked: 3, heard: 24 });
  });

  test('that is of no use is left after its first part, and its peer is not asked again at once', async () => {
    expect(await meet('ignore', 50)).toEqual({ asked: 1, heard: 1 });
    expect(await meet('reject', 50)).toEqual({ asked: 1, heard: 1 });
  });

  test('is asked for, and given, by what a node holds now', async () => {
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
    const view = {
      get changes() {
        return changes;
      },
      held: () => [...held].map(([key, envelopes]) => ({ key, version: envelopes.length, envelopes })),
    };
    const hear = (key: string, hash: string): void => {
      held.set(key, [...(held.get(key) ?? []), { hash, bytes: utf8(hash) } as VerifiedEnvelope]);
      changes += 1;
    };
    const ports = { clock, random, meter: memoryMeter(), transport: transport as Transport };
    new History(ports, sha256, view, () => 'ignore').start();
    const name = (hashes: readonly string[]) => sha256(concat(hashes.map(utf8))).slice(0, 16);
    const answer = (hashes: readonly string[]) => encodeCbor(hashes.map(utf8));
    let asker = 0;
    const asked = (names: readonly Uint8Array[]) => {
      asker += 1;
      return ask(concat(names), `peer ${asker}`);
    };
    hear('one', 'b');
    expect(await asked([name(['b'])])).toEqual(answer([]));
    expect(await asked([])).toEqual(answer(['b']));
    hear('one', 'a');
    hear('two', 'c');
    expect(await asked([name(['b'])])).toEqual(answer(['b', 'a', 'c']));
    expect(await asked([name(['a', 'b'])])).toEqual(answer(['c']));
    expect(await asked([name(['c']), name(['a', 'b'])])).toEqual(answer([]));
    held.delete('one');
    changes += 1;
    expect(await asked([name(['a', 'b'])])).toEqual(answer(['c']));
    expect(await asked([new Uint8Array(15)])).toBeNull();
    expect(await asked([new Uint8Array(16 * 2_049)])).toBeNull();
  });
});
