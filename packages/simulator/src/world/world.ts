import { sodiumCrypto } from '@canswarm/local';
import {
  inlineRunner,
  type MemoryHub,
  memoryContent,
  memoryHub,
  memoryLog,
  memoryMeter,
  seededRandom,
  type VirtualClock,
  virtualClock,
} from '@canswarm/memory';
import { createVerified, type NodeListener } from '@canswarm/node';
import type { ContentStore, DecisionLog, Random, SkillModule } from '@canswarm/ports';
import { type Crypto, presetParams, toHex, utf8 } from '@canswarm/protocol';
import { type CastMember, createNetwork, type Network, SHARD } from 'canswarm';
import { drawClock, type Plan } from '../plan.ts';
import { LogLink } from './log-link.ts';
import { Machine } from './machine.ts';
import { nodeClock } from './node-clock.ts';
import { SimulatedWeather } from './weather.ts';

const START_MS = 1_800_000_000_000;
const CHAIN_LENGTH = 8_192;
const GATHER_MS = 20;
/** What was verified once is not verified again by every node, while so many bytes of it are kept. */
const VERIFIED_BYTES = 64 * 1024 * 1024;

/** A network of real nodes on machines that fail, under one clock and one seed. */
export interface World {
  readonly clock: VirtualClock;
  readonly crypto: Crypto;
  readonly random: Random;
  readonly content: ContentStore;
  readonly log: DecisionLog;
  readonly hub: MemoryHub;
  readonly weather: SimulatedWeather;
  readonly network: Network;
  readonly machines: ReadonlyMap<string, Machine>;
  /** Listens to every node, also to those of later lives. */
  observe(make: (machine: string) => NodeListener): void;
  start(): void;
  /** Starts a machine that is down. */
  restart(machine: Machine): void;
  /** Hash over every entry that each node applied, and when. */
  traceHash(): string;
}

export interface WorldOptions {
  readonly plan: Plan;
  readonly random: Random;
  readonly cast: readonly CastMember[];
  readonly module: SkillModule;
}

/** The randomness of a seed: every stream of a run comes from it. */
export const randomOf = (seed: number): Random => {
  const { sha256 } = sodiumCrypto();
  return seededRandom(sha256(utf8(`canswarm/sim/${seed}`)), sha256);
};

export function createWorld({ plan, random, cast, module }: WorldOptions): World {
  const crypto = sodiumCrypto();
  const { sha256 } = crypto;
  const clock = virtualClock({ startMs: START_MS });
  const weather = new SimulatedWeather(plan.network, random, () => clock.now());
  const hub = memoryHub({ clock, random, weather });
  const log = memoryLog({ clock, random, sha256 });
  const content = memoryContent(sha256);
  const clocks = random.stream('clocks');
  const machines = new Map<string, Machine>();
  const verified = createVerified(VERIFIED_BYTES);
  const machineOf = (name: string): Machine => {
    const fault = drawClock(clocks, plan);
    const own = nodeClock(clock, () => fault);
    const link = new LogLink(log, clock, random.stream(`link/${name}`), plan.log);
    const runner = inlineRunner({ module, content, clock, random, sha256 });
    const ground = { clock: own, content, runner, meter: memoryMeter(), verified };
    const machine = new Machine({ name, hub, link, random, crypto, clock, ground });
    machines.set(name, machine);
    return machine;
  };
  const network = createNetwork({
    name: 'simulated',
    params: presetParams('dev'),
    cast,
    chainLength: CHAIN_LENGTH,
    gatherMs: GATHER_MS,
    hosts: plan.nodes,
    ports: { clock, random, crypto, node: (name) => machineOf(name).ports() },
  });
  const observers: ((machine: string) => NodeListener)[] = [];
  let trace = sha256(utf8('can/1/trace'));
  for (const [name, machine] of machines) {
    machine.onStart = (node) => {
      for (const make of observers) node.listen(make(name));
    };
    const node = network.nodes.get(name);
    if (node !== undefined) machine.run(node);
  }
  const world: World = {
    clock,
    crypto,
    random,
    content,
    log,
    hub,
    weather,
    network,
    machines,
    observe(make) {
      observers.push(make);
      for (const [name, { node }] of machines) node?.listen(make(name));
    },
    start: () => network.start(),
    restart(machine) {
      const identities = network.nodes.get(machine.name)?.identities ?? [];
      machine.start(network.genesis, SHARD, identities, GATHER_MS);
    },
    traceHash: () => toHex(trace),
  };
  world.observe((name) => ({
    onApplied: ({ position }, state) => {
      trace = sha256(utf8(`${toHex(trace)} ${clock.now()} ${name} ${position} ${toHex(state.digest)}`));
    },
  }));
  return world;
}
