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
import { type Crypto, type Genesis, presetParams, toHex, utf8 } from '@canswarm/protocol';
import { QUOTE_SKILL, quoteSkill } from '@canswarm/simulator';
import { type CastMember, type CastOptions, CREDIT, createNetwork, localCast, type Network, SHARD } from 'canswarm';

export interface VirtualWorldOptions {
  readonly seed: string;
  readonly cast?: readonly CastMember[];
  readonly module?: SkillModule;
  readonly hosts?: number | null;
  readonly gatherMs?: number;
  /** Stands before the content store. */
  readonly wrapContent?: (store: ContentStore, clock: VirtualClock) => ContentStore;
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

function ground({ seed, module = quoteSkill, makeLog, wrapContent }: VirtualWorldOptions): Ground {
  const crypto = sodiumCrypto();
  const { sha256 } = crypto;
  const random = seededRandom(sha256(utf8(seed)), sha256);
  const clock = virtualClock({ startMs: START_MS });
  const kept = memoryContent(sha256);
  const content = wrapContent?.(kept, clock) ?? kept;
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

/** The nodes' machines and who runs on them. A machine's store outlives its node. */
class Population {
  readonly nodes = new Map<string, Node>();
  readonly #on: Ground;
  readonly #options: VirtualWorldOptions;
  readonly #stores = new Map<string, Store>();
  readonly #meters = new Map<string, Meter>();
  readonly #observers: ((node: string) => NodeListener)[] = [];

  constructor(on: Ground, options: VirtualWorldOptions) {
    this.#on = on;
    this.#options = options;
  }

  /** What is kept on a machine. */
  store(name: string): Store {
    const store = this.#stores.get(name) ?? memoryStore();
    this.#stores.set(name, store);
    return store;
  }

  /** The store as its node sees it. */
  nodeStore(name: string): Store {
    const store = this.store(name);
    return this.#options.wrapStore?.(name, store) ?? store;
  }

  meter(name: string): Meter {
    const meter = this.#meters.get(name) ?? memoryMeter();
    this.#meters.set(name, meter);
    return meter;
  }

  /** What its node runs on. */
  groundOf(name: string): Omit<NodePorts, 'random' | 'crypto'> {
    const { clock, log, content, runner, hub } = this.#on;
    const [store, meter] = [this.nodeStore(name), this.meter(name)];
    return { clock, log, content, runner, transport: hub.endpoint(name), store, meter };
  }

  add(name: string, node: Node): void {
    this.nodes.set(name, node);
    for (const make of this.#observers) node.listen(make(name));
  }

  observe(make: (node: string) => NodeListener): void {
    this.#observers.push(make);
    for (const [name, node] of this.nodes) node.listen(make(name));
  }

  remove(name: string): void {
    const node = this.nodes.get(name);
    if (node === undefined) throw new RangeError(`no node ${name} runs`);
    this.#on.hub.remove(name);
    this.nodes.delete(name);
    void node.stop();
  }

  restart(name: string, before: Node | undefined, genesis: Genesis): Node {
    if (before === undefined) throw new RangeError(`the network has no node ${name}`);
    if (this.nodes.has(name)) this.remove(name);
    const { random, crypto } = this.#on;
    const node = new Node({
      genesis,
      shard: SHARD,
      identities: before.identities.map((identity) => ({ ...identity })),
      gatherMs: this.#options.gatherMs ?? 0,
      ports: {
        ...this.groundOf(name),
        crypto,
        random: { stream: (stream) => random.stream(`${name}/${stream}`) },
      },
    });
    this.add(name, node);
    node.start();
    return node;
  }
}

export function virtualWorld(options: VirtualWorldOptions): VirtualWorld {
  const on = ground(options);
  const { clock, crypto } = on;
  const population = new Population(on, options);
  const network = createNetwork({
    name: 'virtual',
    params: presetParams('dev'),
    cast: options.cast ?? quoteCast(),
    chainLength: 2_048,
    gatherMs: options.gatherMs ?? 0,
    hosts: options.hosts ?? null,
    ports: { ...on, node: (name) => population.groundOf(name) },
  });
  for (const [name, node] of network.nodes) population.add(name, node);
  let trace = crypto.sha256(utf8('can/1/trace'));
  population.observe((name) => ({
    onApplied: ({ position }, state) => {
      trace = crypto.sha256(utf8(`${toHex(trace)} ${clock.now()} ${name} ${position} ${toHex(state.digest)}`));
    },
  }));
  return {
    ...on,
    network,
    nodes: population.nodes,
    observe: (make) => population.observe(make),
    traceHash: () => toHex(trace),
    remove: (node) => population.remove(node),
    restart: (node) => population.restart(node, network.nodes.get(node), network.genesis),
    storeOf: (node) => population.store(node),
    meterOf: (node) => population.meter(node),
  };
}
