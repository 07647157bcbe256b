import { TransportError } from '@canswarm/ports';
import type { Connection, Libp2p } from '@libp2p/interface';
import type { Gate } from './gate.ts';
import type { GossipStreams } from './gossip-streams.ts';
import { newestConnection } from './newest-connection.ts';

/** Whoever is there has answered by then, ms. */
const ALIVE_MS = 2_000;

export interface SlowJudge {
  readonly libp2p: Pick<Libp2p, 'getConnections'>;
  readonly gate: Pick<Gate, 'end' | 'cutOff'>;
  readonly streams: Pick<GossipStreams, 'renew'>;
  /** Asks a peer something small by its newest connection. Rejects with a TransportError. */
  ask(peer: string, deadlineMs: number): Promise<unknown>;
}

/**
 * By this connection a peer takes no gossip. One that answers by it could read and does not: it is cut off. From one that says nothing at
 * all it may be the wire that is dead: its connections end, and whoever is there dials anew. A newer connection says nothing of this one:
 * gossip goes on by that.
 */
export async function judgeSlow(connection: Connection, { libp2p, gate, streams, ask }: SlowJudge): Promise<void> {
  const { remotePeer } = connection;
  const peer = remotePeer.toString();
  const isSuperseded = (): boolean => newestConnection(libp2p, remotePeer) !== connection;
  if (isSuperseded()) return streams.renew(remotePeer);
  const lacks = await ask(peer, ALIVE_MS).catch((error: unknown) => error);
  if (isSuperseded()) return streams.renew(remotePeer);
  if (isSilence(lacks)) gate.end(peer, 'it says nothing');
  else gate.cutOff(peer);
}

/** Nothing came back in time, or the question could not be put, as many wait already. A refusal, of the stream too, is an answer. */
function isSilence(lacks: unknown): boolean {
  if (!(lacks instanceof TransportError)) return false;
  const { code, cause } = lacks;
  return code === 'deadline' || (cause instanceof Error && cause.name === 'TooManyOutboundProtocolStreamsError');
}
