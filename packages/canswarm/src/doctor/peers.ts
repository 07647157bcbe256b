import type { NodeStatus } from '@canswarm/api';
import type { Fault } from './finding.ts';

/** A node that began to run this long ago may still dial: it began at once, and again every quarter of a second at first. */
const DIALLING_S = 3;

type Seen = Pick<NodeStatus, 'node' | 'upSeconds'> & {
  readonly transport: { readonly id: string; readonly peers: readonly { readonly id: string }[] };
};

/**
 * What is wrong between a node and the others of this home that run; null: nothing. `reached`: peers, by their ids, that answered it; null
 * where it was not asked. A pair that is not connected and of which one began to run just now is only warned of.
 */
export function peersFault(seen: Seen, reached: ReadonlySet<string> | null, running: readonly Seen[]): Fault | null {
  const { transport, node, upSeconds } = seen;
  const connected = new Set(transport.peers.map(({ id }) => id));
  const others = running.filter((other) => other.node !== node);
  const missing = others.filter((other) => !connected.has(other.transport.id));
  const mute = others.filter(({ transport: { id } }) => connected.has(id) && reached?.has(id) === false);
  if (missing.length + mute.length === 0) return null;
  const isYoung = (other: Seen): boolean => Math.min(upSeconds, other.upSeconds) < DIALLING_S;
  if (mute.length === 0 && missing.every(isYoung)) return dialling(upSeconds, missing);
  const parts = [
    ...(missing.length > 0 ? [`it has no connection with ${missing.map((other) => other.node).join(', ')}`] : []),
    ...(mute.length > 0 ? [`it gets no answer from ${mute.map((other) => other.node).join(', ')}`] : []),
  ];
  return {
    status: 'failed',
    found: parts.join('; '),
    means: 'Bids, votes and signs of life pass late or not at all, and so does content.',
    todo: 'Look at the network between them, listen.address, listen.port, bootstrap and the firewall. Nodes dial each other again by themselves.',
  };
}

function dialling(upSeconds: number, lacks: readonly Seen[]): Fault {
  const isYoung = upSeconds < DIALLING_S;
  const names = lacks.map((other) => (isYoung ? other.node : `${other.node}, which started ${other.upSeconds} s ago`));
  return {
    status: 'warning',
    found: `${isYoung ? `started ${upSeconds} s ago, ` : ''}still dialling ${names.join(', ')}`,
    means: 'Nodes find each other within a few seconds of their start; until then they hear nothing of each other.',
    todo: 'Ask again in a few seconds: canswarm doctor',
  };
}
