import { TransportError, type TransportErrorCode } from '@canswarm/ports';
import { type Connection, StreamResetError, TooManyOutboundProtocolStreamsError } from '@libp2p/interface';
import { describe, expect, it } from 'vitest';
import { judgeSlow } from '../src/judge-slow.ts';

const wire = (): Connection => ({ remotePeer: { toString: () => 'peer' }, status: 'open' }) as unknown as Connection;

/** What is done about a peer that takes no gossip by its first connection. */
async function judged(connections: Connection[], ask: () => Promise<unknown>): Promise<readonly string[]> {
  const done: string[] = [];
  const [slow] = connections;
  if (slow === undefined) throw new Error('no connection');
  await judgeSlow(slow, {
    libp2p: { getConnections: () => [...connections] },
    gate: { end: () => done.push('ended'), cutOff: () => done.push('cut off') },
    streams: { renew: () => done.push('renewed') },
    ask,
  } as Parameters<typeof judgeSlow>[1]);
  return done;
}

const answers = async (): Promise<Uint8Array> => new Uint8Array();
const fails = (code: TransportErrorCode, cause?: Error) => async (): Promise<never> => {
  throw new TransportError(code, code, { cause });
};

describe('a peer that takes no gossip', () => {
  it('and answers is cut off', async () => {
    expect(await judged([wire()], answers)).toEqual(['cut off']);
    expect(await judged([wire()], fails('refused'))).toEqual(['cut off']);
    expect(await judged([wire()], fails('too_large'))).toEqual(['cut off']);
    expect(await judged([wire()], fails('unreachable', new StreamResetError('reset')))).toEqual(['cut off']);
  });

  it('and says nothing may be gone: its connections end, and it may come back', async () => {
    expect(await judged([wire()], fails('deadline'))).toEqual(['ended']);
    const waiting = new TooManyOutboundProtocolStreamsError('64 wait');
    expect(await judged([wire()], fails('unreachable', waiting))).toEqual(['ended']);
  });

  it('by a connection that a newer one follows is gossiped to by that, and not asked', async () => {
    const never = (): Promise<never> => {
      throw new Error('it was asked');
    };
    expect(await judged([wire(), wire()], never)).toEqual(['renewed']);
  });

  it('and dials anew while it is asked is not judged by what the old connection did', async () => {
    const connections = [wire()];
    const dials = async (): Promise<Uint8Array> => {
      connections.push(wire());
      return new Uint8Array();
    };
    expect(await judged(connections, dials)).toEqual(['renewed']);
  });
});
