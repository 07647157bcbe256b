import { apply, createState } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import { createMemo, type VerifiedEntry, verifyEntry } from '@canswarm/protocol';
import { figure, rounds, seconds } from '../measure.ts';
import type { Metrics } from '../metrics.ts';
import { runNeeds } from './world.ts';

const LOAD = { everyMs: 4, warmUp: 0, measured: 100, drain: true } as const;

/** The log of some hundred needs, all settled: applied as verified entries, and replayed with every signature checked by a stranger. */
export async function replayBench(say: (line: string) => void): Promise<Metrics> {
  const { world, entries } = await runNeeds(LOAD);
  const { genesis } = world.network;
  const crypto = sodiumCrypto();
  say(`  a log of ${entries.length} entries`);
  const verify = (): VerifiedEntry[] => {
    const memo = createMemo();
    return entries.map((bytes) => {
      const verified = verifyEntry(bytes, crypto, memo);
      if (!verified.ok) throw new Error(`entry refused: ${verified.code}`);
      return verified.entry;
    });
  };
  const verified = verify();
  const digest = world.network.person('requester').node.state.digest;
  const run = (list: readonly VerifiedEntry[]): void => {
    const state = createState(genesis, crypto.sha256);
    for (const entry of list) apply(state, entry, crypto.sha256);
    if (Buffer.compare(state.digest, digest) !== 0) throw new Error('the replay gives another digest');
  };
  const bytes = entries.reduce((sum, entry) => sum + entry.length, 0);
  const taken = rounds(5, {
    apply: () => seconds(() => run(verified)),
    replay: () => seconds(() => run(verify())),
    hash: () =>
      seconds(() => {
        for (const entry of entries) crypto.sha256(entry);
      }),
  });
  const count = entries.length;
  return {
    'apply.entriesPerSecond': figure(count / taken.apply),
    'replay.entriesPerSecond': figure(count / taken.replay),
    'replay.bytesPerEntry': figure(bytes / count),
    // The limit of apply and replay: every byte hashed once.
    'replay.entriesPerSecond.limit': figure(count / taken.hash),
    'replay.entriesPerSecond.ratioToLimit': figure(taken.hash / taken.replay),
    'apply.entriesPerSecond.ratioToLimit': figure(taken.hash / taken.apply),
  };
}
