import { sodiumCrypto } from '@canswarm/local';
import {
  inlineRunner,
  type MemoryHub,
  memoryContent,
  memoryHub,
  memoryLog,
  memoryMeter,
  memoryStore,
  seededRandom,
  type VirtualClock,
  virtualClock,
} from '@canswarm/memory';
import { Node, type NodeListener, type NodePorts } from '@canswarm/node';
import type { ContentStore, DecisionLog, Meter, Random, SkillModule, SkillRunner, Store } from '@canswarm/ports';
import { type Crypto, presetParams, toHex, utf8 } from '@canswarm/protocol';
import { type CastMember, type CastOptions, CREDIT, createNetwork, localCast, type Network, SHARD } from 'canswarm';
import { QUOTE_SKILL, quoteSkill } from './quote-skill.ts';

export interface VirtualWorldOptions {
  readonly seed: string;
  readonly cast?: readonly CastMember[];
  readonly module?: SkillModule;
  readonly hosts?: number | null;
  readonly gatherMs?: number;
  /** Makes the log; by default it is in memory. */
  readonly makeLog?: (clock: VirtualClock) => DecisionLog;
  /** Stands between a node and its store. */
  readonly wrapStore?: (node: string, store: Store) => Store;
}

/** A whole network under a virtual clock: one seed, one course of events. */
export interface VirtualWorld {
  readonly clock: VirtualClock;
  readonly crypto: Crypto;
  readonly network: Network;
  readonly hub: MemoryHub;
  readonly content: ContentStore;
  readonly log: DecisionLog;
  readonly random: Random;
  /** The nodes that take part now, by name. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** Listens to every node, also to those that are restarted later. */
  observe(make: (node: string) => NodeListener): void;
  /** Hash over every entry each node applied, with the virtual time at which it did. */
  traceHash(): string;
  /** Takes a node away as if its machine vanished. */
  remove(node: string): void;
  /** Starts a node anew over the store that its earlier life left, with none of its memory. */
  restart(node: string): Node;
  storeOf(node: string): Store;
  meterOf(node: string): Meter;
}

/** Three workers of rising price, the last working through the planner. */
export const quoteCast = (own: Partial<CastOptions> = {}): readonly CastMember[] =>
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
    ...own,
  });

const START_MS = 1_800_000_000_000;

interface Ground {
  readonly clock: VirtualClock;
  readonly crypto: Crypto;
  readonly random: Random;
  readonly hub: MemoryHub;
  readonly log: DecisionLog;
  readonly content: ContentStore;
  readonly runner: SkillRunner;
}

function ground({ seed, module = quoteSkill, makeLog }: VirtualWorldOptions): Ground {
  const crypto = sodiumCrypto();
  const { sha256 } = crypto;
  const random = seededRandom(sha256(utf8(seed)), sha256);
  const clock = virtualClock({ startMs: START_MS });
  const content = memoryContent(sha256);
  return {
    clock,
    crypto,
    random,
    content,
    hub: memoryHub({ clock, random }),
    log: makeLog?.(clock) ?? memoryLog({ clock, random, sha256 }),
    runner: inlineRunner({ module, content, clock, random, sha256 }),
  };
}

/** The memory of each node's machine: its store outlives the node. */
class Machines {
  readonly #stores = new Map<string, Store>();
  readonly #meters = new Map<string, Meter>();

  store(node: string): Store {
    const store = this.#stores.get(node) ?? memoryStore();
    this.#stores.set(node, store);
    return store;
  }

  meter(node: string): Meter {
    const meter = this.#meters.get(node) ?? memoryMeter();
    this.#meters.set(node, meter);
    return meter;
  }
}

export function virtualWorld(options: VirtualWorldOptions): VirtualWorld {
  const on = ground(options);
  const { clock, crypto, hub } = on;
  const { sha256 } = crypto;
  const machines = new Machines();
  const wrap = options.wrapStore ?? ((_node: string, store: Store) => store);
  const gatherMs = options.gatherMs ?? 0;
  const network = createNetwork({
    name: 'virtual',
    params: presetParams('dev'),
    cast: options.cast ?? quoteCast(),
    chainLength: 2_048,
    gatherMs,
    hosts: options.hosts ?? null,
    ports: {
      ...on,
      transport: hub.endpoint,
      store: (node) => wrap(node, machines.store(node)),
      meter: (node) => machines.meter(node),
    },
  });
  const nodes = new Map(network.nodes);
  const observers: ((node: string) => NodeListener)[] = [];
  let trace = sha256(utf8('can/1/trace'));
  observers.push((name) => ({
    onApplied: ({ position }, state) => {
      trace = sha256(utf8(`${toHex(trace)} ${clock.now()} ${name} ${position} ${toHex(state.digest)}`));
    },
  }));
  const attend = (name: string, node: Node): void => {
    for (const make of observers) node.listen(make(name));
  };
  for (const [name, node] of nodes) attend(name, node);
  const remove = (name: string): void => {
    const node = nodes.get(name);
    if (node === undefined) throw new RangeError(`no node ${name} runs`);
    hub.remove(name);
    nodes.delete(name);
    void node.stop();
  };
  const restart = (name: string): Node => {
    const before = network.nodes.get(name);
    if (before === undefined) throw new RangeError(`the network has no node ${name}`);
    if (nodes.has(name)) remove(name);
    const own = { store: wrap(name, machines.store(name)), meter: machines.meter(name) };
    const node = sameNode(before, network, { ...on, ...own, transport: hub.endpoint(name) }, name, gatherMs);
    nodes.set(name, node);
    attend(name, node);
    node.start();
    return node;
  };
  return {
    ...on,
    network,
    nodes,
    observe(make) {
      observers.push(make);
      for (const [name, node] of nodes) node.listen(make(name));
    },
    traceHash: () => toHex(trace),
    remove,
    restart,
    storeOf: (node) => machines.store(node),
    meterOf: (node) => machines.meter(node),
  };
}

/** A node with the keys of an earlier one, and none of its memory. */
function sameNode(before: Node, { genesis }: Network, ports: NodePorts, name: string, gatherMs: number): Node {
  const identities = before.identities.map((identity) => ({ ...identity }));
  const random: Random = { stream: (stream) => ports.random.stream(`${name}/${stream}`) };
  return new Node({ genesis, shard: SHARD, identities, gatherMs, ports: { ...ports, random } });
}
