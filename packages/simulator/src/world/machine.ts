import type { LoadPolicy } from '@canswarm/kernel';
import { type MemoryHub, memoryMeter } from '@canswarm/memory';
import { Node, type NodeListener, type NodeOptions, type NodePorts, type Verified } from '@canswarm/node';
import {
  type Clock,
  type ContentStore,
  type Meter,
  type Random,
  type SkillRunner,
  StorageError,
  type Store,
} from '@canswarm/ports';
import type { Crypto } from '@canswarm/protocol';
import { inlineNeedPolicies } from 'canswarm';
import { type Disk, simulatedDisk } from './disk.ts';
import type { LogLink } from './log-link.ts';
import { Pace, type Step } from './pace.ts';

/** What a machine is made of; its node and the node's memory die with a crash, the rest stays. */
export interface MachineParts {
  readonly name: string;
  readonly hub: MemoryHub;
  readonly link: LogLink;
  readonly random: Random;
  readonly crypto: Crypto;
  /** True time. */
  readonly clock: Clock;
  /** Its own. */
  readonly own: Clock;
  readonly content: ContentStore;
  readonly runner: SkillRunner;
  /** What the nodes of all machines verified; null: each for itself. */
  readonly verified: Verified | null;
  /** What its disk keeps. */
  readonly store: Store;
  /** What loads the policies of the network, asked for each life of its node. */
  readonly policies: () => LoadPolicy;
}

/** What a machine may die at: a step, or a word that it says on gossip or appends to the log. */
export type Moment = 'step' | 'word';

/** A machine dies at the so many-th of its next steps or words, before it or after it. */
interface Death {
  readonly at: Moment;
  left: number;
  readonly isDone: boolean;
  readonly lostBatches: number;
}

/** A machine that runs one node, and may crash. */
export class Machine {
  readonly name: string;
  readonly disk: Disk;
  readonly link: LogLink;
  /** Counts over all its lives. */
  readonly meter: Meter = memoryMeter();
  /** Null while it is down. */
  node: Node | null = null;
  /** Called for each node that starts here. */
  onStart: (node: Node) => void = () => undefined;
  /** Called when it goes down. */
  onEnd: () => void = () => undefined;
  /** Why it went down last; null for a power cut. */
  failure: unknown = null;
  crashes = 0;
  readonly #parts: MachineParts;
  #pace: Pace;
  #death: Death | null = null;

  constructor(parts: MachineParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.link = parts.link;
    this.disk = simulatedDisk(() => this.#down(), parts.store);
    this.#pace = this.#newPace();
  }

  /** What a node of this machine runs on. */
  ports(): NodePorts {
    const { own, content, runner, verified, crypto, random, hub, link, name, policies } = this.#parts;
    const drawn: Random = { stream: (stream) => random.stream(`${name}/${stream}`) };
    const pace = this.#newPace();
    this.#pace = pace;
    const [transport, log] = [pace.transport(hub.endpoint(name)), pace.log(link.open())];
    return {
      clock: pace.clock(own),
      content,
      runner,
      meter: this.meter,
      ...(verified === null ? {} : { verified }),
      crypto,
      policies: policies(),
      needPolicies: inlineNeedPolicies,
      random: drawn,
      store: this.disk.mount(),
      transport: {
        ...transport,
        publish: (topic, message) => this.#reach('word', () => transport.publish(topic, message)),
      },
      log: {
        ...log,
        append: async (shard, entries) => {
          const begun: Promise<void>[] = [];
          this.#reach('word', () => begun.push(log.append(shard, entries)));
          if (begun.length === 0) throw new StorageError('io', 'the machine died');
          await Promise.all(begun);
        },
      },
    };
  }

  /** The time by its own clock. */
  now(): number {
    return this.#parts.own.now();
  }

  run(node: Node): void {
    this.node = node;
    this.failure = null;
    this.onStart(node);
    node.listen(this.#listener(node));
  }

  /** A new node over what the disk kept; one that runs dies first. Throws what keeps it from starting, and is down. */
  start({ identities, ...about }: Omit<NodeOptions, 'ports'>): Node {
    if (this.node !== null) this.crash(0);
    const node = new Node({
      ...about,
      identities: identities.map((one) => ({ ...one })),
      ports: this.ports(),
    });
    this.run(node);
    try {
      node.start();
    } catch (error) {
      this.#down();
      throw error;
    }
    return node;
  }

  /** Cuts its power; of the batches that were not synced the latest are lost, so many at most. Returns how many were. */
  crash(lostBatches: number): number {
    this.#down();
    return this.disk.cut(lostBatches);
  }

  /** Does each step later by so much; 0: as fast as it can. */
  slow(lagMs: number): void {
    this.#pace.slow(lagMs);
  }

  /** Its power fails at one of its next steps or words. */
  crashAt(at: Moment, left: number, isDone: boolean, lostBatches: number): void {
    this.#death = { at, left, isDone, lostBatches };
  }

  /** It is as fast as it can, its disk has room, its link is whole, and no crash is due. */
  calm(): void {
    this.#death = null;
    this.slow(0);
    this.link.calm();
    this.disk.calm();
  }

  #newPace(): Pace {
    return new Pace(this.#parts.clock, (step) => this.#reach('step', step));
  }

  /** Does something, unless the machine dies before it. */
  #reach(moment: Moment, act: Step): void {
    const death = this.#death;
    if (death !== null && death.at === moment) death.left -= 1;
    const dies = death !== null && death.left === 0 && death.at === moment;
    if (!dies || death.isDone) act();
    if (!dies) return;
    this.#death = null;
    if (this.node !== null) this.crash(death.lostBatches);
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
    this.#death = null;
    this.#pace.end();
    this.onEnd();
    this.#parts.hub.remove(this.name);
    // What a dead machine still tries fails on its disk.
    node.stop().catch(() => undefined);
  }
}
