import type { LoadPolicy } from '@canswarm/kernel';
import { sodiumCrypto } from '@canswarm/local';
import {
  inlineRunner,
  type MemoryHub,
  memoryContent,
  memoryHub,
  memoryLog,
  memoryStore,
  seededRandom,
  type VirtualClock,
  virtualClock,
} from '@canswarm/memory';
import { type ContactSettings, createVerified, type Node, type NodeListener, type Verified } from '@canswarm/node';
import type { ContentStore, DecisionLog, Meter, Random, SkillModule, SkillRunner, Store } from '@canswarm/ports';
import { type Crypto, concat, type Genesis, presetParams, toHex, utf8 } from '@canswarm/protocol';
import { type CastMember, createNetwork, type Network, networkPolicies, SHARD } from 'canswarm';
import { quoteCast } from '../workload/quote-cast.ts';
import { quoteSkill } from '../workload/quote-skill.ts';
import type { Range } from './draw.ts';
import { LogLink } from './log-link.ts';
import { Machine } from './machine.ts';
import { nodeClock } from './node-clock.ts';
import { SimulatedWeather } from './weather.ts';
import { drawClock, NO_FAULTS, type WorldFaults } from './world-faults.ts';

const START_MS = 1_800_000_000_000;
const CHAIN_LENGTH = 2_048;
/** What was verified once is not verified again by every node, while so many bytes of it are kept. */
const VERIFIED_BYTES = 64 * 1024 * 1024;

/** Nodes of a world find out soon that they are cut off: partitions of a run last for moments. */
const SWIFT_CONTACT: ContactSettings = { everyMs: 200, deadlineMs: 200, misses: 2, answers: 2, waitMs: 2_000 };

export interface WorldOptions {
  /** All chance of the world is drawn from it. */
  readonly seed: string;
  readonly cast?: readonly CastMember[];
  readonly module?: SkillModule;
  /** How many machines host the cast, `node-1` and on; null: one for each member, of its name. */
  readonly hosts?: number | null;
  readonly gatherMs?: number;
  readonly chainLength?: number;
  /** Whether nodes share what they verified, and the bytes of it; else each verifies all for itself, as nodes of different owners do. */
  readonly isVerifiedOnce?: boolean;
  /** What is wrong all the time; by default nothing, and messages take 1 to 5 ms. */
  readonly faults?: WorldFaults;
  /** What every entry has to pass; left out: nothing. */
  readonly policy?: NonNullable<Genesis['policy']>;
  /** What loads the policies of a network on a machine, asked for each life of its node; by default the engine of every network. */
  readonly policies?: (machine: string) => LoadPolicy;
  /** How long each job of a skill takes; by default 5 to 50 ms. */
  readonly workMs?: Range;
  /** Stands before the content store. */
  readonly wrapContent?: (store: ContentStore, clock: VirtualClock) => ContentStore;
  /** Makes the log; by default it is in memory. */
  readonly makeLog?: (clock: VirtualClock) => DecisionLog;
  /** Makes what a machine's disk keeps; by default it is in memory. */
  readonly makeStore?: (machine: string) => Store;
}

/** A network of real nodes on machines that may fail, under one clock and one seed: one course of events. */
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
  /** The nodes that run now, by machine. */
  readonly nodes: ReadonlyMap<string, Node>;
  machine(name: string): Machine;
  /** Listens to every node, also to those of later lives. */
  observe(make: (machine: string) => NodeListener): void;
  /** Listens to what is given to the log, whether it arrives or not; null: by somebody who is no machine, through `log`. */
  observeAppends(onAppend: (machine: string | null, entries: readonly Uint8Array[]) => void): void;
  /** Takes a node away as if its machine vanished; its disk stays. */
  remove(machine: string): void;
  /** Starts a node anew over what the disk of its machine kept, with none of its memory. */
  restart(machine: string): Node;
  /** What is kept on a machine, whether it runs or not. */
  storeOf(machine: string): Store;
  meterOf(machine: string): Meter;
  /** Hash over every entry that each node applied, and when. */
  traceHash(): string;
}

/** The randomness of a seed: every stream of a world comes from it. */
export const randomOf = (seed: string): Random => {
  const { sha256 } = sodiumCrypto();
  return seededRandom(sha256(utf8(seed)), sha256);
};

/** What all machines of a world stand on. */
interface Ground extends Pick<World, 'clock' | 'crypto' | 'random' | 'content' | 'log' | 'hub' | 'weather'> {
  readonly runner: SkillRunner;
  readonly verified: Verified | null;
}

function groundOf(options: WorldOptions): Ground {
  const {
    seed,
    module = quoteSkill,
    workMs,
    wrapContent,
    makeLog,
    isVerifiedOnce = false,
    faults = NO_FAULTS,
  } = options;
  const crypto = sodiumCrypto();
  const { sha256 } = crypto;
  const random = randomOf(seed);
  const clock = virtualClock({ startMs: START_MS });
  const weather = new SimulatedWeather(faults.network, random, () => clock.now());
  const kept = memoryContent(sha256);
  const content = wrapContent?.(kept, clock) ?? kept;
  return {
    clock,
    crypto,
    random,
    content,
    weather,
    hub: memoryHub({ clock, random, weather, areBytesShared: isVerifiedOnce }),
    log: makeLog?.(clock) ?? memoryLog({ clock, random, sha256, areBytesShared: isVerifiedOnce }),
    runner: inlineRunner({
      ...{ module, content, clock, random, sha256 },
      ...(workMs === undefined ? {} : { durationMs: workMs }),
    }),
    verified: isVerifiedOnce ? createVerified(VERIFIED_BYTES) : null,
  };
}

type HearAppend = (machine: string | null, entries: readonly Uint8Array[]) => void;

/** Who hears what is given to the log, and by which machine; null: by somebody who has none. */
function createAppends(): { readonly tell: HearAppend; readonly observe: (onAppend: HearAppend) => void } {
  const observers: HearAppend[] = [];
  return {
    tell: (machine, entries) => {
      for (const onAppend of observers) onAppend(machine, entries);
    },
    observe: (onAppend) => void observers.push(onAppend),
  };
}

/** Makes a world. Nothing runs before its network is started. */
export function createWorld(options: WorldOptions): World {
  const { faults = NO_FAULTS, gatherMs = 0, isVerifiedOnce: areBytesShared = false, policy } = options;
  const { makeStore = () => memoryStore({ areBytesShared }), policies = () => networkPolicies } = options;
  const ground = groundOf(options);
  const { clock, crypto, random, content, log, hub, runner, verified } = ground;
  const clocks = random.stream('clocks');
  const machines = new Map<string, Machine>();
  const nodes = new Map<string, Node>();
  const appends = createAppends();
  const newMachine = (name: string): Machine => {
    const fault = drawClock(clocks, faults);
    const machine = new Machine({
      name,
      hub,
      link: new LogLink(log, clock, random.stream(`link/${name}`), faults.log, (entries) =>
        appends.tell(name, entries),
      ),
      random,
      crypto,
      clock,
      own: nodeClock(clock, () => fault),
      content,
      runner,
      verified,
      store: makeStore(name),
      policies: () => policies(name),
    });
    machines.set(name, machine);
    return machine;
  };
  const network = createNetwork({
    ...{ name: 'simulated', params: presetParams('dev') },
    cast: options.cast ?? quoteCast(),
    chainLength: options.chainLength ?? CHAIN_LENGTH,
    ...{ gatherMs, hosts: options.hosts ?? null, ...(policy === undefined ? {} : { policy }) },
    contact: SWIFT_CONTACT,
    ports: { clock, random, crypto, node: (name) => newMachine(name).ports() },
  });
  const about = { genesis: network.genesis, shard: SHARD, gatherMs, contact: SWIFT_CONTACT };
  const observers: ((machine: string) => NodeListener)[] = [];
  const observe: World['observe'] = (make) => {
    observers.push(make);
    for (const [name, node] of nodes) node.listen(make(name));
  };
  for (const [name, machine] of machines) {
    machine.onStart = (node) => {
      nodes.set(name, node);
      for (const make of observers) node.listen(make(name));
    };
    machine.onEnd = () => void nodes.delete(name);
    const node = network.nodes.get(name);
    if (node !== undefined) machine.run(node);
  }
  return {
    ...ground,
    log: heardLog(log, (entries) => appends.tell(null, entries)),
    network,
    machines,
    nodes,
    machine: (name) => named(machines, name),
    observe,
    observeAppends: appends.observe,
    remove: (name) => void named(machines, name).crash(0),
    restart: (name) => named(machines, name).start({ ...about, identities: network.nodes.get(name)?.identities ?? [] }),
    storeOf: (name) => named(machines, name).disk.kept,
    meterOf: (name) => named(machines, name).meter,
    traceHash: traced(observe, ground),
  };
}

/** A log, of which it is heard what is given to it. */
const heardLog = (log: DecisionLog, onAppend: (entries: readonly Uint8Array[]) => void): DecisionLog => ({
  append(shard, entries) {
    onAppend(entries);
    return log.append(shard, entries);
  },
  follow: (shard, after, onRecords) => log.follow(shard, after, onRecords),
  head: (shard) => log.head(shard),
  close: () => log.close(),
});

function named(machines: ReadonlyMap<string, Machine>, name: string): Machine {
  const machine = machines.get(name);
  if (machine === undefined) throw new RangeError(`there is no machine ${name}`);
  return machine;
}

/** Hashes every entry that each node applies, and when. */
function traced(observe: World['observe'], { clock, crypto: { sha256 } }: Ground): () => string {
  let trace = sha256(utf8('can/1/trace'));
  observe((name) => ({
    onApplied: ({ position }, state) => {
      trace = sha256(concat([trace, state.digest, utf8(`${clock.now()} ${name} ${position}`)]));
    },
  }));
  return () => toHex(trace);
}
