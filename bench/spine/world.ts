import { sodiumCrypto } from '@canswarm/local';
import type { NeedBody } from '@canswarm/protocol';
import { type CastMember, CREDIT } from 'canswarm';
import { publishQuoteTask, QUOTE_SKILL, type QuoteTask } from '../../test/world/quote-skill.ts';
import { quoteCast, type VirtualWorld, virtualWorld } from '../../test/world/virtual-network.ts';

/** Nodes that host the cast: each signs for several keys and verifies all for itself. */
export const HOSTS = 5;
/** Drafts gathered to be signed as one batch a key. */
const GATHER_MS = 40;

/** Stakes and balances to match hundreds of needs open at a time. */
export const wealthyCast = (): readonly CastMember[] =>
  quoteCast({ stake: 1_000_000 * CREDIT, free: 1_000_000 * CREDIT });

export function quoteNeed(task: QuoteTask, index: number): NeedBody {
  return {
    skill: QUOTE_SKILL,
    goal: `quote ${index}`,
    inputs: [...task.inputs],
    acceptance: task.acceptance,
    priceCap: 2 * CREDIT,
    seatFee: CREDIT / 10,
    scoring: { priceBps: 8_000, etaBps: 2_000 },
    windows: { bidMs: 300, answerMs: 1_000, challengeMs: 2_000, leaseMs: 10_000 },
    deadlineMs: 60_000,
    class: 'quote',
  };
}

export interface Load {
  readonly world: VirtualWorld;
  /** Bytes of the entries that the requester's node applied, in order. */
  readonly entries: readonly Uint8Array[];
  /** Real seconds from the first post until the last need was final. */
  readonly seconds: number;
  readonly final: number;
}

/** Posts a need every `everyMs` of virtual time, `count` of them, and runs until all are settled: real time is work alone. */
export async function runNeeds(count: number, everyMs: number): Promise<Load> {
  const world = virtualWorld({ seed: 'bench', hosts: HOSTS, gatherMs: GATHER_MS, cast: wealthyCast() });
  const { network, clock, content } = world;
  const requester = network.person('requester');
  const entries: Uint8Array[] = [];
  let final = 0;
  let settled = 0;
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
  let posted = 0;
  const post = (): void => {
    void requester.node.postNeed(requester.did, quoteNeed(task, posted));
    posted += 1;
    if (posted < count) clock.schedule(everyMs, post);
  };
  clock.schedule(1, post);
  const start = performance.now();
  const run = await clock.runUntil(() => settled >= count, { untilMs: clock.now() + 120_000 });
  if (run.end !== 'done') throw new Error(`${settled} of ${count} needs were settled when the run ended by ${run.end}`);
  return { world, entries, seconds: (performance.now() - start) / 1000, final };
}
