import { createHash } from 'node:crypto';
import type { Cid } from '@canswarm/protocol';
import { cidOf } from '@canswarm/protocol';
import { type Libp2pTransport, type Libp2pTransportOptions, libp2pTransport } from '../src/index.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

export const networkNamed = (name: string): Cid => cidOf(new TextEncoder().encode(name), 'raw', sha256);
export const NETWORK = networkNamed('network');

let seeds = 0;

/** A seed that no other endpoint of this process has. */
export function freshSeed(): Uint8Array {
  seeds += 1;
  return sha256(new TextEncoder().encode(`${process.pid} ${performance.timeOrigin} ${seeds}`));
}

export const endpoint = (own: Partial<Libp2pTransportOptions> = {}): Promise<Libp2pTransport> =>
  libp2pTransport({ network: NETWORK, seed: freshSeed(), sha256, ...own });

/** Resolves once `holds`, looked at again whenever the peers of an endpoint change; rejects after a bound. */
export function whenPeers(
  transport: Libp2pTransport,
  holds: (peers: readonly string[]) => boolean,
  boundMs = 10_000,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (holds(transport.peers())) return resolve();
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`the peers are ${transport.peers().join(', ')} after ${boundMs} ms`));
    }, boundMs);
    const stop = transport.onPeers((peers) => {
      if (!holds(peers)) return;
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
}

/** Endpoints that are all connected with each other: the first is named to the others, which find the rest through it. */
export async function connect(count: number): Promise<readonly Libp2pTransport[]> {
  const first = await endpoint();
  const bootstrap = first.status().addresses;
  const others = await Promise.all(Array.from({ length: count - 1 }, () => endpoint({ bootstrap })));
  const all = [first, ...others];
  await Promise.all(all.map((one) => whenPeers(one, (peers) => peers.length >= count - 1)));
  return all;
}
