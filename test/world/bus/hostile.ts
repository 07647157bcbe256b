/** A process with a peer that means harm, in one way, until it is ended. `node hostile.ts '{"kind","targets","network"}'`. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { sodiumCrypto } from '@canswarm/local';
import { GOSSIP_TOPIC, packMessage } from '@canswarm/node';
import { decodeCbor, didOfKey, isList, signEnvelope } from '@canswarm/protocol';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { gossipsub } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import type { Harm, HostileConfig } from './harms.ts';
import { reportOf } from './report.ts';

const EVERY_MS = 20;
/** Messages at a time. */
const BURST = 10;
const GARBAGE_BYTES = 2_048;
const OVERSIZE_BYTES = 8 * 1024 * 1024;
const CONNECTIONS = 1_000;
const MESHSUB = '/meshsub/1.1.0';

// As on a machine of its own: what counts is what it makes the others do, not the processor's time that it takes itself.
setPriority(constants.priority.PRIORITY_LOW);

const { harm, targets, network } = JSON.parse(process.argv[2] ?? '{}') as HostileConfig;
const topic = `/can/${network}/${GOSSIP_TOPIC}`;
const crypto = sodiumCrypto();

const shared = {
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
};

/** An endpoint that looks like a node of the network, and gossips what it likes. */
async function gossiper(): Promise<{ publish(message: Uint8Array): void; heard(): readonly Uint8Array[] }> {
  const gossip = gossipsub({
    globalSignaturePolicy: 'StrictNoSign',
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
  });
  const libp2p = await createLibp2p({ ...shared, services: { identify: identify({ protocolPrefix: 'can' }), gossip } });
  await libp2p.handle(`/can/${network}/request/1`, (stream) => stream.abort(new Error('no')));
  const heard: Uint8Array[] = [];
  libp2p.services.gossip.addEventListener('gossipsub:message', ({ detail: { msg } }) => {
    if (heard.length < 1_000) heard.push(msg.data);
  });
  libp2p.services.gossip.subscribe(topic);
  const dial = (): Promise<unknown>[] => targets.map((target) => libp2p.dial(multiaddr(target)));
  await Promise.all(dial());
  setInterval(() => void Promise.allSettled(dial()), 1_000);
  return {
    publish: (message) => void libp2p.services.gossip.publish(topic, message).catch(() => undefined),
    heard: () => heard,
  };
}

/** Says what `make` gives, again and again. */
async function chatter(make: (heard: readonly Uint8Array[]) => Uint8Array | null): Promise<void> {
  const { publish, heard } = await gossiper();
  setInterval(() => {
    for (let count = 0; count < BURST; count += 1) {
      const message = make(heard());
      if (message !== null) publish(message);
    }
  }, EVERY_MS);
}

/** Envelopes of keys that nobody knows, each signed as it should be. */
function spam(): Uint8Array {
  const seed = new Uint8Array(randomBytes(32));
  const signer = { did: didOfKey(crypto.publicKey(seed)), sign: (bytes: Uint8Array) => crypto.sign(seed, bytes) };
  return packMessage([signEnvelope(reportOf(network, signer.did, Date.now()), signer, crypto.sha256).bytes]);
}

/** What honest peers said, packed anew so that it is another message. */
function replayed(heard: readonly Uint8Array[]): Uint8Array | null {
  const envelopes: Uint8Array[] = [];
  for (let count = 0; count < 8; count += 1) {
    const message = heard[Math.floor(Math.random() * heard.length)];
    const decoded = message === undefined ? null : decodeCbor(message);
    if (decoded?.ok !== true || !isList(decoded.value)) continue;
    for (const item of decoded.value) if (item instanceof Uint8Array) envelopes.push(item);
  }
  return envelopes.length === 0 ? null : packMessage(envelopes.sort(() => Math.random() - 0.5));
}

const field = (number: number, bytes: Uint8Array): Uint8Array =>
  Uint8Array.of((number << 3) | 2, bytes.length, ...bytes);

/** A gossipsub frame that subscribes to the topic and grafts its sender into the mesh. */
function subscription(): Uint8Array {
  const name = new TextEncoder().encode(topic);
  const subscribe = field(1, Uint8Array.of(8, 1, ...field(2, name)));
  const graft = field(3, field(3, field(1, name)));
  const frame = Uint8Array.of(...subscribe, ...graft);
  return Uint8Array.of((frame.length & 127) | 128, frame.length >> 7, ...frame);
}

/** Speaks gossipsub by hand: `act` gets the outbound stream; what comes in is not read. */
async function byHand(act: (send: (bytes: Uint8Array) => void) => void): Promise<void> {
  const libp2p = await createLibp2p({ ...shared, services: { identify: identify({ protocolPrefix: 'can' }) } });
  await libp2p.handle(`/can/${network}/request/1`, (stream) => stream.abort(new Error('no')));
  await libp2p.handle(MESHSUB, (stream) => stream.pause());
  const reach = async (target: string): Promise<void> => {
    const connection = await libp2p.dial(multiaddr(target));
    const stream = await connection.newStream(MESHSUB);
    try {
      stream.send(subscription());
      act((bytes) => stream.send(bytes));
    } catch {
      // Cut off in the middle of it.
    }
  };
  await Promise.all(targets.map(reach));
  if (harm === 'oversize') setInterval(() => void Promise.allSettled(targets.map(reach)), 500);
}

/** Raw connections, half of which say something that is no handshake. */
function connections(): void {
  const open = new Set<Socket>();
  setInterval(() => {
    for (let count = 0; count < 50 && open.size < CONNECTIONS; count += 1) {
      const target = targets[open.size % targets.length] ?? '';
      const [, host = '', port = ''] = /^\/ip4\/([^/]+)\/tcp\/([0-9]+)/.exec(target) ?? [];
      const socket = connect(Number(port), host);
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
      if (count % 2 === 0) socket.write('GET / HTTP/1.1\r\n\r\n');
    }
  }, EVERY_MS);
}

const BEGIN: Readonly<Record<Harm, () => unknown>> = {
  garbage: () => chatter(() => new Uint8Array(randomBytes(GARBAGE_BYTES))),
  oversize: () =>
    byHand((send) => {
      // A length prefix of 64 MiB, and some of it.
      send(Uint8Array.of(128, 128, 128, 32));
      send(new Uint8Array(OVERSIZE_BYTES));
    }),
  replay: () => chatter(replayed),
  spam: () => chatter(spam),
  'slow-reader': () => byHand(() => undefined),
  connections,
};

process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', () => undefined);
process.on('unhandledRejection', () => undefined);
try {
  await BEGIN[harm]();
  process.send?.({ type: 'begun' });
} catch (error) {
  // Who cannot reach its victims does no harm, and nothing may be concluded from that.
  console.error(harm, error);
  process.exit(1);
}
