import { sodiumCrypto } from '@canswarm/local';
import {
  inlineRunner,
  memoryContent,
  memoryHub,
  memoryLog,
  memoryMeter,
  memoryStore,
  seededRandom,
  type VirtualClock,
  virtualClock,
} from '@canswarm/memory';
import type { ContentStore, DecisionLog, Random, SkillModule } from '@canswarm/ports';
import { presetParams, toHex, utf8 } from '@canswarm/protocol';
import { type CastMember, CREDIT, createNetwork, localCast, type Network, SHARD } from 'canswarm';
import { QUOTE_SKILL, quoteSkill } from './quote-skill.ts';

export interface VirtualWorldOptions {
  readonly seed: string;
  readonly cast?: readonly CastMember[];
  readonly module?: SkillModule;
  readonly hosts?: number | null;
  readonly gatherMs?: number;
}

/** A whole network under a virtual clock: one seed, one course of events. */
export interface VirtualWorld {
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly content: ContentStore;
  readonly log: DecisionLog;
  readonly random: Random;
  /** Hash over every entry each node applied, with the virtual time at which it did. */
  traceHash(): string;
  /** Takes a node away as if its machine vanished. */
  remove(node: string): Promise<void>;
}

export const quoteCast = (): readonly CastMember[] =>
  localCast({
    skill: QUOTE_SKILL,
    workers: [
      { engine: 'honest', priceBps: 5_000 },
      { engine: 'honest', priceBps: 6_000 },
      { engine: 'honest', priceBps: 6_500 },
    ],
    evaluate: 'honest',
    inspect: 'honest',
    stake: 1_000 * CREDIT,
    free: 1_000 * CREDIT,
  });

const START_MS = 1_800_000_000_000;

export function virtualWorld(options: VirtualWorldOptions): VirtualWorld {
  const crypto = sodiumCrypto();
  const { sha256 } = crypto;
  const random = seededRandom(sha256(utf8(options.seed)), sha256);
  const clock = virtualClock({ startMs: START_MS });
  const hub = memoryHub({ clock, random });
  const log = memoryLog({ clock, random, sha256 });
  const content = memoryContent(sha256);
  const runner = inlineRunner({ module: options.module ?? quoteSkill, content, clock, random, sha256 });
  const network = createNetwork({
    name: 'virtual',
    params: presetParams('dev'),
    cast: options.cast ?? quoteCast(),
    chainLength: 2_048,
    gatherMs: options.gatherMs ?? 0,
    hosts: options.hosts ?? null,
    ports: {
      clock,
      random,
      crypto,
      log,
      content,
      runner,
      transport: hub.endpoint,
      store: () => memoryStore(),
      meter: () => memoryMeter(),
    },
  });
  let trace = sha256(utf8('can/1/trace'));
  for (const [name, node] of network.nodes) {
    node.listen({
      onApplied: ({ position }, state) => {
        trace = sha256(utf8(`${toHex(trace)} ${clock.now()} ${name} ${position} ${toHex(state.digest)}`));
      },
    });
  }
  return {
    clock,
    network,
    content,
    log,
    random,
    traceHash: () => toHex(trace),
    async remove(node) {
      hub.remove(node);
      await network.nodes.get(node)?.stop();
    },
  };
}

export { SHARD };
