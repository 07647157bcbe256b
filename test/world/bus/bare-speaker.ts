import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { gossipsub } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { now, type PeerConfig } from './messages.ts';
import type { Speaker } from './speaker.ts';

const TOPIC = 'bare';
const ID_BYTES = 16;

/** Gossipsub as it comes, unsigned: a message for each thing said, nothing looked at. */
export async function bareSpeaker(
  { index, bootstrap, length }: PeerConfig,
  onSent: (id: string, at: number) => void,
  onGot: (id: string, at: number) => void,
): Promise<Speaker> {
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      gossip: gossipsub({ globalSignaturePolicy: 'StrictNoSign', allowPublishToZeroTopicPeers: true }),
    },
  });
  const { gossip } = libp2p.services;
  gossip.addEventListener('gossipsub:message', ({ detail: { msg } }) => {
    onGot(Buffer.from(msg.data.subarray(0, ID_BYTES)).toString('latin1'), now());
  });
  gossip.subscribe(TOPIC);
  await Promise.all(bootstrap.map((address) => libp2p.dial(multiaddr(address))));
  let count = 0;
  return {
    address: libp2p.getMultiaddrs()[0]?.toString() ?? '',
    peers: () => libp2p.getPeers().length,
    cutOff: () => 0,
    say() {
      count += 1;
      const id = `${index}-${count}`.padEnd(ID_BYTES, ' ');
      const message = Buffer.alloc(length, 1);
      message.write(id, 'latin1');
      onSent(id, now());
      void gossip.publish(TOPIC, message);
    },
    close: async () => libp2p.stop(),
  };
}
