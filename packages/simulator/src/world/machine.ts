import type { MemoryHub } from '@canswarm/memory';
import { type Identity, Node, type NodeListener, type NodePorts } from '@canswarm/node';
import type { Random } from '@canswarm/ports';
import type { Crypto, Genesis } from '@canswarm/protocol';
import { type Disk, simulatedDisk } from './disk.ts';
import type { LogLink } from './log-link.ts';

/** What a machine is made of; its node and the node's memory die with a crash, the rest stays. */
export interface MachineParts {
  readonly name: string;
  readonly hub: MemoryHub;
  readonly link: LogLink;
  readonly random: Random;
  readonly crypto: Crypto;
  /** All that its node runs on, but the disk and the way to the others. */
  readonly ground: Omit<NodePorts, 'random' | 'crypto' | 'store' | 'transport' | 'log'>;
}

/** A machine that runs one node, and may crash. */
export class Machine {
  readonly name: string;
  readonly disk: Disk;
  readonly link: LogLink;
  /** Null while it is down. */
  node: Node | null = null;
  /** Called for each node that starts here. */
  onStart: (node: Node) => void = () => undefined;
  /** Why it went down last; null for a power cut. */
  failure: unknown = null;
  crashes = 0;
  readonly #parts: MachineParts;

  constructor(parts: MachineParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.link = parts.link;
    this.disk = simulatedDisk(() => this.#down());
  }

  /** What a node of this machine runs on. */
  ports(): NodePorts {
    const { ground, crypto, random, hub, link, name } = this.#parts;
    const own: Random = { stream: (stream) => random.stream(`${name}/${stream}`) };
    return {
      ...ground,
      crypto,
      random: own,
      store: this.disk.mount(),
      transport: hub.endpoint(name),
      log: link.open(),
    };
  }

  /** The time by its own clock. */
  now(): number {
    return this.#parts.ground.clock.now();
  }

  run(node: Node): void {
    this.node = node;
    this.failure = null;
    this.onStart(node);
    node.listen(this.#listener(node));
  }

  /** A new node over what the disk kept. */
  start(genesis: Genesis, shard: string, identities: readonly Identity[], gatherMs: number): void {
    if (this.node !== null) return;
    const node = new Node({
      genesis,
      shard,
      identities: identities.map((one) => ({ ...one })),
      gatherMs,
      ports: this.ports(),
    });
    this.run(node);
    node.start();
  }

  /** Cuts its power; of the batches that were not synced the latest are lost, so many at most. Returns how many were. */
  crash(lostBatches: number): number {
    this.#down();
    return this.disk.cut(lostBatches);
  }

  /** A node that can trust its disk or its log no longer stops by itself: its process ends, and is started again. */
  #listener(node: Node): NodeListener {
    return {
      onFailure: (error) => {
        if (this.node !== node) return;
        this.failure = error;
        this.#down();
      },
    };
  }

  #down(): void {
    const { node } = this;
    if (node === null) return;
    this.node = null;
    this.crashes += 1;
    this.#parts.hub.remove(this.name);
    // What a dead machine still tries fails on its disk.
    node.stop().catch(() => undefined);
  }
}
