import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Cid } from '@canswarm/protocol';
import type { FromPeer, PeerConfig, PeerKind, ToPeer } from './messages.ts';

const PEER = fileURLToPath(new URL('./peer.ts', import.meta.url));
const START_MS = 30_000;

export interface Delivery {
  /** From being said until the last of the others has it, ms; one for each that all have. */
  readonly latencies: readonly number[];
  readonly said: number;
  /** Those that every other peer got. */
  readonly delivered: number;
  /** Delivered in a second, of the time from the first being said until the last arrived. */
  readonly perSecond: number;
  /** How often peers were cut off since the start, by all. */
  readonly cutOff: number;
}

export interface SwarmOptions {
  readonly kind: PeerKind;
  readonly peers: number;
  readonly network: Cid;
  readonly keys: number;
  readonly gatherMs: number;
  readonly length: number;
}

/** Processes that are connected with each other, one end of a bus each. */
export class Swarm {
  readonly #children: ChildProcess[] = [];
  readonly #addresses: string[] = [];
  readonly #peers: number;

  private constructor(peers: number) {
    this.#peers = peers;
  }

  static async start({ peers, ...options }: SwarmOptions): Promise<Swarm> {
    const swarm = new Swarm(peers);
    const connected: Promise<unknown>[] = [];
    for (let index = 0; index < peers; index += 1) {
      const config: PeerConfig = { ...options, peers, index, bootstrap: [...swarm.#addresses] };
      const child = fork(PEER, [JSON.stringify(config)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      swarm.#children.push(child);
      connected.push(next(child, 'connected'));
      const { address } = await next(child, 'listening');
      swarm.#addresses.push(address);
    }
    await Promise.all(connected);
    return swarm;
  }

  /** Addresses of the peers, as multiaddrs. */
  get addresses(): readonly string[] {
    return this.#addresses;
  }

  /** All say `perSecond` things together for some seconds. */
  async publish(perSecond: number, seconds: number): Promise<Delivery> {
    const published = this.#children.map((child) => next(child, 'published', START_MS + seconds * 2_000));
    for (const child of this.#children) send(child, { type: 'publish', perSecond: perSecond / this.#peers, seconds });
    await Promise.all(published);
    const collected = this.#children.map((child) => next(child, 'collected'));
    for (const child of this.#children) send(child, { type: 'collect' });
    return deliveryOf(await Promise.all(collected), this.#peers);
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#children.map((child) => {
        const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
        send(child, { type: 'end' });
        return gone.then(() => clearTimeout(late));
      }),
    );
  }
}

function deliveryOf(all: readonly Extract<FromPeer, { type: 'collected' }>[], peers: number): Delivery {
  const sent = new Map(all.flatMap((one) => [...one.sent]));
  const arrived = new Map<string, { count: number; last: number }>();
  for (const { got } of all) {
    for (const [id, at] of got) {
      const before = arrived.get(id) ?? { count: 0, last: 0 };
      arrived.set(id, { count: before.count + 1, last: Math.max(before.last, at) });
    }
  }
  const cutOff = all.reduce((sum, one) => sum + one.cutOff, 0);
  const latencies: number[] = [];
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const [id, at] of sent) {
    first = Math.min(first, at);
    const seen = arrived.get(id);
    if (seen === undefined || seen.count < peers - 1) continue;
    last = Math.max(last, seen.last);
    latencies.push(seen.last - at);
  }
  const perSecond = latencies.length / Math.max(0.001, (last - first) / 1_000);
  return { latencies, said: sent.size, delivered: latencies.length, perSecond, cutOff };
}

const send = (child: ChildProcess, message: ToPeer): void => void child.send(message);

/** The next message of a kind. Rejects when the process ends or says nothing in time. */
function next<T extends FromPeer['type']>(
  child: ChildProcess,
  type: T,
  boundMs = START_MS,
): Promise<Extract<FromPeer, { type: T }>> {
  return new Promise((resolve, reject) => {
    const over = (act: () => void): void => {
      clearTimeout(late);
      child.off('message', hear).off('exit', ended);
      act();
    };
    const hear = (message: unknown): void => {
      const told = message as FromPeer;
      if (told.type === type) over(() => resolve(told as Extract<FromPeer, { type: T }>));
    };
    const ended = (): void => over(() => reject(new Error('a peer ended')));
    const late = setTimeout(() => over(() => reject(new Error(`no ${type} within ${boundMs} ms`))), boundMs);
    child.on('message', hear).once('exit', ended);
  });
}
