import { sodiumCrypto } from '@canswarm/local';
import type { NeedDraft } from '@canswarm/node';
import { createWorld, publishQuoteTask, type QuoteTask, quoteCast, quoteNeed, type World } from '@canswarm/simulator';
import { type CastMember, CREDIT } from 'canswarm';

/** Nodes that host the cast: each signs for several keys and verifies all for itself. */
export const HOSTS = 5;
/** Drafts gathered to be signed as one batch a key. */
const GATHER_MS = 40;

/** Stakes and balances to match hundreds of needs open at a time. */
export const wealthyCast = (): readonly CastMember[] =>
  quoteCast({ stake: 1_000_000 * CREDIT, free: 1_000_000 * CREDIT });

/** One of many needs, told apart by its number. */
export const numberedNeed = (task: QuoteTask, index: number): NeedDraft =>
  quoteNeed(task, { goal: `quote ${index}`, deadlineMs: 60_000 });

export interface Load {
  readonly world: World;
  /** Bytes of the entries that the requester's node applied, in order. */
  readonly entries: readonly Uint8Array[];
  /** Needs that became final while it was measured. */
  readonly final: number;
  /** Entries and real seconds of that time. */
  readonly entriesMeasured: number;
  readonly seconds: number;
}

/** What is run: a need is posted every `everyMs` of virtual time. */
export interface LoadOptions {
  readonly everyMs: number;
  /** Needs settled before anything is measured: code is compiled, as many needs are open as ever will be. */
  readonly warmUp: number;
  /** Needs settled while it is measured, posting going on. */
  readonly measured: number;
  /** Whether to stop posting when they are measured and run until all are settled. */
  readonly drain: boolean;
}

/** Runs a load under the virtual clock: no time passes but that of work. */
export async function runNeeds({ everyMs, warmUp, measured, drain }: LoadOptions): Promise<Load> {
  const world = createWorld({ seed: 'bench', hosts: HOSTS, gatherMs: GATHER_MS, cast: wealthyCast() });
  const { network, clock, content } = world;
  const requester = network.person('requester');
  const entries: Uint8Array[] = [];
  let [final, settled, posted, ended] = [0, 0, 0, false];
  requester.node.listen({
    onApplied: ({ events, entry }) => {
      entries.push(entry.bytes);
      for (const { type } of events) {
        if (type === 'finalized') final += 1;
        if (type === 'need_settled') settled += 1;
      }
    },
  });
  network.start();
  const text = 'The quick brown fox jumps over the lazy dog, and the dog does not mind.';
  const task = await clock.settled(publishQuoteTask(text, content, sodiumCrypto().sha256));
  const post = (): void => {
    if (ended) return;
    void requester.node.postNeed(requester.did, numberedNeed(task, posted));
    posted += 1;
    clock.schedule(everyMs, post);
  };
  clock.schedule(1, post);
  const until = async (done: () => boolean): Promise<void> => {
    const run = await clock.runUntil(done, { untilMs: clock.now() + 120_000 });
    if (run.end !== 'done')
      throw new Error(`${settled} of ${posted} needs were settled when the run ended by ${run.end}`);
  };
  await until(() => settled >= warmUp);
  const before = { final, entries: entries.length, at: performance.now() };
  await until(() => settled >= warmUp + measured);
  const seconds = (performance.now() - before.at) / 1000;
  const load = {
    world,
    entries,
    final: final - before.final,
    entriesMeasured: entries.length - before.entries,
    seconds,
  };
  ended = true;
  if (drain) await until(() => settled >= posted);
  return load;
}
