import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { identify } from '@libp2p/identify';
import type { Libp2p, PrivateKey } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { afterEach, describe, expect, test, vi } from 'vitest';
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

const addressOf = (one: Libp2pTransport): Multiaddr => multiaddr(one.status().addresses[0] ?? '');

type Encrypter = ReturnType<typeof noise>;

/** Noise after which the next step of the handshake, the choice of a muxer, waits. */
const heldNoise =
  (hold: () => Promise<void>): Encrypter =>
  (components) => {
    const encrypter = noise()(components);
    const secure = encrypter.secureOutbound.bind(encrypter);
    encrypter.secureOutbound = async (wire, options) => {
      const secured = await secure(wire, { ...options, skipStreamMuxerNegotiation: true });
      await hold();
      return { remotePeer: secured.remotePeer, connection: secured.connection };
    };
    return encrypter;
  };

/** A peer of somebody else's making, whose handshakes wait where they can. */
async function holding(hold: () => Promise<void>, privateKey: PrivateKey): Promise<Libp2p> {
  const one = await createLibp2p({
    privateKey,
    transports: [tcp()],
    connectionEncrypters: [heldNoise(hold)],
    streamMuxers: [yamux()],
    services: { identify: identify({ protocolPrefix: 'can' }) },
  });
  await one.handle(`/can/${NETWORK}/request/1`, (stream) => stream.abort(new Error('no')));
  await one.handle('/meshsub/1.1.0', (stream) => stream.pause());
  return kept(one);
}

describe('somebody whose handshakes wait', () => {
  test('until it was cut off: what comes of them is refused', async () => {
    const a = kept(await endpoint());
    a.subscribe('t', () => 'accept');
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: secured, resolve: isSecured } = Promise.withResolvers<void>();
    let hold = (): Promise<void> => Promise.resolve();
    const evil = await holding(() => hold(), await generateKeyPair('Ed25519'));
    const target = addressOf(a);
    const id = evil.peerId.toString();
    const first = await evil.dial(target);
    await whenPeers(a, (peers) => peers.includes(id));
    hold = () => {
      isSecured();
      return released;
    };
    const second = evil.dial(target, { force: true }).catch(() => undefined);
    await secured;
    const stream = await first.newStream('/meshsub/1.1.0');
    stream.send(Uint8Array.of(128, 128, 128, 32));
    await whenPeers(a, (peers) => !peers.includes(id));
    release();
    await second;
    await expect(whenPeers(a, (peers) => peers.includes(id), 1_500)).rejects.toThrow('after');
    expect(a.status().refused).toMatchObject({ cut_off: 1, denied: expect.any(Number) });
  });

  test('many at once: has no more connections than others', async () => {
    const a = kept(await endpoint());
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let secured = 0;
    const hold = (): Promise<void> => {
      secured += 1;
      return released;
    };
    const privateKey = await generateKeyPair('Ed25519');
    const all = await Promise.all(Array.from({ length: 8 }, () => holding(hold, privateKey)));
    const dials = all.map((one) => one.dial(addressOf(a)));
    await vi.waitFor(() => expect(secured).toBe(all.length), { timeout: 2_500 });
    release();
    await Promise.allSettled(dials);
    const open = (): number =>
      all.flatMap((one) => one.getConnections()).filter(({ status }) => status === 'open').length;
    await vi.waitFor(() => expect(open()).toBeLessThanOrEqual(3), { timeout: 5_000 });
    expect(a.status().refused.connections_of_peer).toBeGreaterThanOrEqual(all.length - 3);
  });
});
