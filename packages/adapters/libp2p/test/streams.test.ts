import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { identify } from '@libp2p/identify';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { afterEach, expect, test, vi } from 'vitest';
import type { Libp2pTransport } from '../src/index.ts';
import { endpoint, NETWORK, whenPeers } from './network.ts';

const opened: { stop?(): Promise<void> | void; close?(): Promise<void> | void }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.stop?.() ?? one.close?.()));
});
const kept = <T extends object>(one: T): T => {
  opened.push(one);
  return one;
};

const GOSSIP = '/meshsub/1.1.0';
const TOPIC = new TextEncoder().encode(`/can/${NETWORK}/t`);
/** A frame of gossipsub that subscribes to the topic. */
const SUBSCRIBES = ((): Uint8Array => {
  const options = [8, 1, 18, TOPIC.length, ...TOPIC];
  return Uint8Array.of(options.length + 2, 10, options.length, ...options);
})();

/** A peer of somebody else's making. `onGossip` gets each stream by which it is told gossip. */
async function stranger(to: Libp2pTransport, onGossip: (stream: Stream, connection: Connection) => void) {
  const libp2p: Libp2p = kept(
    await createLibp2p({
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify({ protocolPrefix: 'can' }) },
    }),
  );
  await libp2p.handle(`/can/${NETWORK}/request/1`, (stream) => stream.abort(new Error('no')));
  await libp2p.handle(GOSSIP, onGossip);
  const dial = () => libp2p.dial(multiaddr(to.status().addresses[0] ?? ''), { force: true });
  const connection = await dial();
  const id = libp2p.peerId.toString();
  await whenPeers(to, (peers) => peers.includes(id));
  return { connection, dial };
}

/** Has the end of a connection say nothing to whoever asks it for a gossip stream, and answer all else. */
function agreesToNoGossip(connection: Connection): void {
  const { muxer, onIncomingStream } = connection as unknown as {
    readonly muxer: EventTarget;
    readonly onIncomingStream: (event: Event) => void;
  };
  muxer.removeEventListener('stream', onIncomingStream);
  muxer.addEventListener('stream', (event) => {
    const { detail: asked } = event as CustomEvent<Stream>;
    const look = ({ data }: { readonly data: { subarray(): Uint8Array } }): void => {
      asked.removeEventListener('message', look);
      if (new TextDecoder().decode(data.subarray()).includes('/meshsub/')) return;
      asked.unshift(data.subarray());
      onIncomingStream(event);
    };
    asked.addEventListener('message', look);
  });
}

test('who ends its gossip stream and agrees to no other does not keep others from theirs', async () => {
  const a = kept(await endpoint());
  a.subscribe('t', () => 'accept');
  const ended = Promise.withResolvers<number>();
  await stranger(a, (stream, connection) => {
    agreesToNoGossip(connection);
    // Late enough that its stream was seen, so that it is missed.
    setTimeout(() => {
      stream.abort(new Error('no more'));
      ended.resolve(performance.now());
    }, 1_500);
  });
  const at = await ended.promise;
  // It is missed again and again meanwhile.
  await vi.waitFor(() => expect(performance.now() - at).toBeGreaterThan(4_000), { timeout: 6_000 });
  const b = kept(await endpoint({ bootstrap: a.status().addresses }));
  let heard = 0;
  b.subscribe('t', () => {
    heard += 1;
    return 'accept';
  });
  await whenPeers(a, (peers) => peers.includes(b.id));
  let said = 0;
  await vi.waitFor(
    () => {
      a.publish('t', Uint8Array.of(said++));
      expect(heard).toBeGreaterThan(0);
    },
    { timeout: 10_000, interval: 100 },
  );
});

test('an older gossip stream that breaks after the newer came takes nothing from it', async () => {
  const a = kept(await endpoint());
  a.subscribe('t', () => 'accept');
  let bytes = 0;
  const evil = await stranger(a, (stream) => {
    stream.addEventListener('message', ({ data }) => {
      bytes += data.byteLength;
    });
  });
  let said = 0;
  const speak = setInterval(() => a.publish('t', Uint8Array.of(said++ & 255, said >> 8)), 50);
  const hears = (): Promise<void> => {
    const before = bytes;
    return vi.waitFor(() => expect(bytes).toBeGreaterThan(before + 2_000), { timeout: 10_000 });
  };
  try {
    const older = await evil.connection.newStream(GOSSIP);
    older.send(SUBSCRIBES);
    await hears();
    const connection = await evil.dial();
    const newer = await connection.newStream(GOSSIP);
    newer.send(SUBSCRIBES);
    await hears();
    older.abort(new Error('gossip goes on by a newer connection'));
    await hears();
  } finally {
    clearInterval(speak);
  }
}, 60_000);
