import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { encodeCbor } from '@canswarm/protocol';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { gossipsub } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import type { Libp2p, Stream } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Libp2pTransport, peerIdOf } from '../src/index.ts';
import { connect, endpoint, freshSeed, NETWORK, networkNamed, whenPeers } from './network.ts';

const opened: { stop?(): Promise<void> | void; close?(): Promise<void> | void }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.stop?.() ?? one.close?.()));
});
const kept = <T extends object>(one: T): T => {
  opened.push(one);
  return one;
};

const addressOf = (one: Libp2pTransport): string => one.status().addresses[0] ?? '';
const portOf = (one: Libp2pTransport): number => Number(/\/tcp\/(\d+)/.exec(addressOf(one))?.[1]);

/** A peer of somebody else's making, that speaks what it likes. */
const stranger = async (): Promise<Libp2p> =>
  kept(
    await createLibp2p({
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify({ protocolPrefix: 'can' }) },
    }),
  );

/** Whether two endpoints still serve each other. */
async function stillTalk(a: Libp2pTransport, b: Libp2pTransport): Promise<void> {
  const stop = b.serve('can/well/1', async () => Uint8Array.of(1));
  const answer = await a.request(b.id, 'can/well/1', new Uint8Array(), { deadlineMs: 5_000, maxBytes: 8 });
  stop();
  expect([...answer]).toEqual([1]);
}

/** A stranger gossips to one of two endpoints: it is cut off for that, and the two serve each other still. */
async function gossips(say: (stream: Stream) => Promise<void> | void): Promise<void> {
  const [a, b] = (await connect(2)).map(kept);
  if (a === undefined || b === undefined) return expect.fail();
  a.subscribe('t', () => 'accept');
  const evil = await stranger();
  await evil.handle(`/can/${NETWORK}/request/1`, (stream) => stream.abort(new Error('no')));
  await evil.handle('/meshsub/1.1.0', (stream) => stream.pause());
  const connection = await evil.dial(multiaddr(addressOf(a)));
  const id = evil.peerId.toString();
  await whenPeers(a, (peers) => peers.includes(id));
  await say(await connection.newStream('/meshsub/1.1.0'));
  await whenPeers(a, (peers) => !peers.includes(id));
  expect(a.status().refused.cut_off).toBe(1);
  await stillTalk(a, b);
}

describe('somebody who means harm', () => {
  test('sends messages that are rejected: is cut off, and stays out', async () => {
    const [a, b, evil] = (await connect(3)).map(kept);
    if (a === undefined || b === undefined || evil === undefined) return expect.fail();
    for (const honest of [a, b]) {
      honest.subscribe('t', (message) => (message[0] === 0 ? 'reject' : 'accept'));
    }
    evil.subscribe('t', () => 'accept');
    let sent = 0;
    const spam = setInterval(() => evil.publish('t', Uint8Array.of(0, (sent >> 8) & 255, sent++ & 255)), 10);
    try {
      await Promise.all([a, b].map((honest) => whenPeers(honest, (peers) => !peers.includes(evil.id))));
    } finally {
      clearInterval(spam);
    }
    expect(a.status().refused.cut_off).toBe(1);
    await stillTalk(a, b);
    const returned = whenPeers(a, (peers) => peers.includes(evil.id), 1_500);
    await expect(returned).rejects.toThrow('after');
  });

  test('sends much that is of no use: is cut off, unless the owner named it', async () => {
    const [named, a, evil] = (await connect(3)).map(kept);
    if (named === undefined || a === undefined || evil === undefined) return expect.fail();
    for (const honest of [named, a]) honest.subscribe('t', () => 'ignore');
    evil.subscribe('t', () => 'accept');
    let sent = 0;
    const spam = setInterval(() => {
      const message = new Uint8Array(500_000);
      new DataView(message.buffer).setUint32(0, sent++);
      for (const [index, speaker] of [named, named, evil].entries()) {
        message[4] = index;
        speaker.publish('t', message);
      }
    }, 50);
    try {
      await whenPeers(a, (peers) => !peers.includes(evil.id), 20_000);
    } finally {
      clearInterval(spam);
    }
    expect(a.peers()).toContain(named.id);
  });

  test('is of another network: is left', async () => {
    const a = kept(await endpoint());
    const other = kept(await endpoint({ network: networkNamed('other'), bootstrap: a.status().addresses }));
    await expect(whenPeers(a, (peers) => peers.length > 0, 1_500)).rejects.toThrow('after');
    expect(other.peers()).toEqual([]);
    const left = [a, other].map((one) => one.status().refused.network_other ?? 0);
    expect(Math.max(...left)).toBeGreaterThan(0);
  });

  test('opens many raw connections and says nothing or nonsense: honest peers still get in', async () => {
    const a = kept(await endpoint({ connectionsMax: 16 }));
    const sockets = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        const socket = connectSocket(portOf(a), '127.0.0.1');
        socket.on('error', () => undefined);
        await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
        if (index % 2 === 0 && socket.writable) socket.write('GET / HTTP/1.1\r\n\r\n');
        return socket;
      }),
    );
    const b = kept(await endpoint({ bootstrap: a.status().addresses }));
    await whenPeers(b, (peers) => peers.includes(a.id), 20_000);
    await stillTalk(b, a);
    for (const socket of sockets) socket.destroy();
  });

  test('makes many peers of itself: those who are connected stay, and who was named gets in', async () => {
    const first = await endpoint();
    const named = { seed: freshSeed() };
    const identity = await endpoint(named);
    const namedAddress = addressOf(identity);
    await identity.close();
    await first.close();
    const a = kept(await endpoint({ connectionsMax: 8, bootstrap: [namedAddress] }));
    const honest = kept(await endpoint({ bootstrap: a.status().addresses }));
    await whenPeers(a, (peers) => peers.includes(honest.id));
    const sybils = await Promise.all(Array.from({ length: 12 }, stranger));
    await Promise.all(sybils.map((sybil) => sybil.handle(`/can/${NETWORK}/request/1`, () => undefined)));
    const dials = sybils.map((sybil) =>
      sybil.dial(multiaddr(addressOf(a))).then(
        () => true,
        () => false,
      ),
    );
    await Promise.all(dials);
    expect(a.status().refused.connections ?? 0).toBeGreaterThan(0);
    await stillTalk(a, honest);
    const back = kept(await endpoint({ ...named, bootstrap: a.status().addresses }));
    await whenPeers(back, (peers) => peers.includes(a.id));
  });

  test('gossips a frame that is too long: is cut off', async () => {
    await gossips((stream) => {
      // The length of what follows: 64 MiB.
      stream.send(Uint8Array.of(128, 128, 128, 32));
    });
  });

  const fields = (number: number, bytes: Uint8Array): Uint8Array =>
    Uint8Array.of((number << 3) | 2, (bytes.length & 127) | 128, bytes.length >> 7, ...bytes);
  const text = (words: string): Uint8Array => new TextEncoder().encode(words);
  /** A frame of gossipsub with its length. */
  const framed = (rpc: Uint8Array): Uint8Array =>
    Uint8Array.of((rpc.length & 127) | 128, ((rpc.length >> 7) & 127) | 128, rpc.length >> 14, ...rpc);
  const message = (topic: string, data: Uint8Array): Uint8Array =>
    fields(2, Uint8Array.of(...fields(2, data), ...fields(4, text(topic))));
  let counted = 0;
  const fresh = (length: number): Uint8Array => {
    const data = new Uint8Array(length);
    new DataView(data.buffer).setUint32(0, counted++);
    return data;
  };
  const topic = `/can/${NETWORK}/t`;
  const floods: Readonly<Record<string, () => Uint8Array>> = {
    'messages of a topic that nobody here has': () => framed(message('/other', fresh(1_024))),
    'one message again and again': () => framed(message(topic, new Uint8Array(15_000))),
    'frames that cannot be decoded': () => framed(fresh(1_024).fill(255)),
    'masses of subscriptions': () => {
      const all = Array.from({ length: 100 }, () => [...fields(1, Uint8Array.of(8, 1, ...fields(2, fresh(16))))]);
      return framed(Uint8Array.from(all.flat()));
    },
    'masses of control': () => {
      const graft = fields(3, fields(1, text(topic)));
      return framed(fields(3, Uint8Array.from(Array.from({ length: 100 }, () => [...graft]).flat())));
    },
  };
  for (const [name, frame] of Object.entries(floods)) {
    test(`gossips ${name}: is cut off`, async () => {
      await gossips(async (stream) => {
        for (let sent = 0; sent < 2_000 && stream.status === 'open'; sent += 1) {
          if (!stream.send(frame()))
            await stream.onDrain({ signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
        }
      });
    });
  }

  test('asks with oversize and broken frames, and does not read answers: others are served', async () => {
    const [a, b] = (await connect(2)).map(kept);
    if (a === undefined || b === undefined) return expect.fail();
    a.serve('can/large/1', async () => new Uint8Array(4_000_000));
    const evil = await stranger();
    await evil.handle(`/can/${NETWORK}/request/1`, (stream) => stream.abort(new Error('no')));
    const frames = [
      Uint8Array.of(0),
      Uint8Array.of(1, 120, 255, 255, 255, 255),
      new Uint8Array(70_000).fill(255),
      Uint8Array.of(11, ...new TextEncoder().encode('can/large/1'), 0, 0, 0, 0),
    ];
    for (const frame of [...frames, ...frames]) {
      const connection = await evil.dial(multiaddr(addressOf(a))).catch(() => null);
      const stream = await connection?.newStream(`/can/${NETWORK}/request/1`).catch(() => null);
      stream?.pause();
      stream?.send(frame);
    }
    await stillTalk(b, a);
  });

  test('asks for much and takes nothing: is refused more, and others are served', async () => {
    const [a, b] = (await connect(2)).map(kept);
    if (a === undefined || b === undefined) return expect.fail();
    let made = 0;
    a.serve('can/large/1', async () => {
      made += 1;
      return new Uint8Array(4_000_000);
    });
    const evil = await stranger();
    await evil.handle(`/can/${NETWORK}/request/1`, (stream) => stream.abort(new Error('no')));
    const connection = await evil.dial(multiaddr(addressOf(a)));
    const request = Uint8Array.of(11, ...new TextEncoder().encode('can/large/1'), 0, 0, 0, 0);
    for (let asked = 1; asked <= 3; asked += 1) {
      const stream = await connection.newStream(`/can/${NETWORK}/request/1`);
      stream.pause();
      stream.send(request);
      await vi.waitFor(() => expect(made).toBe(asked), { timeout: 5_000 });
    }
    const stream = await connection.newStream(`/can/${NETWORK}/request/1`);
    stream.send(request);
    const said: number[] = [];
    for await (const chunk of stream) said.push(...chunk.subarray());
    expect(said).toEqual([1]);
    expect(made).toBe(3);
    const answer = await b.request(a.id, 'can/large/1', new Uint8Array(), { deadlineMs: 5_000, maxBytes: 4_000_000 });
    expect(answer.length).toBe(4_000_000);
  });
});

/** Dials a peer, and once it asks for peers tells it of these. */
async function tells(told: readonly string[], whom: Libp2pTransport): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const list = encodeCbor([...told]);
  const evil = await stranger();
  await evil.handle(`/can/${NETWORK}/request/1`, (stream) => {
    stream.send(Uint8Array.of(0, 0, 0, list.length >> 8, list.length & 255, ...list));
    stream.close().then(resolve, resolve);
  });
  await evil.dial(multiaddr(addressOf(whom)));
  await promise;
}

describe('a network that breaks', () => {
  test('finds a peer again that was started anew with its key', async () => {
    const a = kept(await endpoint());
    const seed = freshSeed();
    const b = await endpoint({ seed });
    const listen = [addressOf(b).replace(/\/p2p\/.*/, '')];
    const c = kept(await endpoint({ bootstrap: [addressOf(b), addressOf(a)] }));
    await whenPeers(c, (peers) => peers.includes(b.id) && peers.includes(a.id));
    await b.close();
    await whenPeers(c, (peers) => !peers.includes(b.id));
    const again = kept(await endpoint({ seed, listen }));
    expect(again.id).toBe(b.id);
    await whenPeers(c, (peers) => peers.includes(b.id));
    await stillTalk(c, again);
  });

  test('finds a peer again that it was connected with, though others told of many that are not there', async () => {
    const a = kept(await endpoint());
    const seed = freshSeed();
    const b = await endpoint({ seed, bootstrap: a.status().addresses });
    const listen = [addressOf(b).replace(/\/p2p\/.*/, '')];
    await whenPeers(a, (peers) => peers.includes(b.id));
    await b.close();
    const ids = await Promise.all(Array.from({ length: 96 }, () => peerIdOf(freshSeed())));
    for (let liar = 0; liar < 3; liar += 1) {
      const told = ids.slice(32 * liar, 32 * liar + 32).map((id) => `/ip4/127.0.0.1/tcp/9/p2p/${id}`);
      await tells(told, a);
    }
    const again = kept(await endpoint({ seed, listen }));
    await whenPeers(a, (peers) => peers.includes(again.id), 15_000);
  });

  test('carries gossip between peers that know each other only through a third', async () => {
    const all = (await connect(4)).map(kept);
    const heard = all.slice(1).map((one) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      one.subscribe('t', () => {
        resolve();
        return 'accept';
      });
      return promise;
    });
    const [speaker] = all;
    speaker?.subscribe('t', () => 'accept');
    let round = 0;
    const speak = setInterval(() => speaker?.publish('t', Uint8Array.of(7, round++)), 100);
    await Promise.all(heard);
    clearInterval(speak);
  });

  test('passes on what was accepted and nothing else to peers that only it is connected with', async () => {
    const middle = kept(await endpoint());
    middle.subscribe('t', ([first]) => (first === 1 ? 'accept' : 'known'));
    const heard: number[] = [];
    const enough = Promise.withResolvers<void>();
    const hearer = await leaf(middle);
    hearer.addEventListener('gossipsub:message', ({ detail: { msg } }) => {
      if (heard.push(msg.data[0] ?? -1) === 3) enough.resolve();
    });
    const speaker = await leaf(middle);
    let round = 0;
    const speak = setInterval(() => {
      round += 1;
      for (const kind of [0, 1]) void speaker.publish(TOPIC, Uint8Array.of(kind, round & 255));
    }, 50);
    await enough.promise;
    clearInterval(speak);
    expect([...new Set(heard)]).toEqual([1]);
  });
});

const TOPIC = `/can/${NETWORK}/t`;

/** A peer that is connected with one endpoint alone and gossips what it likes. */
async function leaf(to: Libp2pTransport) {
  const libp2p = kept(
    await createLibp2p({
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: {
        identify: identify({ protocolPrefix: 'can' }),
        gossip: gossipsub({ globalSignaturePolicy: 'StrictNoSign', allowPublishToZeroTopicPeers: true }),
      },
    }),
  );
  await libp2p.handle(`/can/${NETWORK}/request/1`, (stream) => stream.abort(new Error('no')));
  const { gossip } = libp2p.services;
  gossip.subscribe(TOPIC);
  await libp2p.dial(multiaddr(addressOf(to)));
  const id = libp2p.peerId.toString();
  await whenPeers(to, (peers) => peers.includes(id));
  return gossip;
}
