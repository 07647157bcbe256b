import { GOSSIP_TOPIC, MESSAGE_ENVELOPES_MAX, packMessage, type Said } from '@canswarm/node';
import type { Signer, Transport } from '@canswarm/ports';
import { didOfKey, type NeedId, type Payload, signEnvelope } from '@canswarm/protocol';
import type { VirtualWorld } from './virtual-network.ts';

/** What an attacker may choose freely of a payload. */
export type Choice = Partial<Pick<Payload, 'head' | 'time' | 'lamport' | 'network' | 'epoch' | 'refs'>>;

/** Somebody outside every node who speaks on the gossip network with keys of its own or with stolen ones. */
export interface Attacker {
  /** A key that nobody knows. */
  stranger(): Signer;
  /** Signs what a key says, by default in the manner of an honest node that stands where the requester's node does. */
  sign(signer: Signer, said: Said, thread: NeedId | null, choice?: Choice): Uint8Array;
  publish(envelopes: readonly Uint8Array[]): void;
  publishBytes(message: Uint8Array): void;
}

/** Puts an attacker into a world; to be called before it starts. */
export function attacker(world: VirtualWorld): Attacker {
  const { crypto, clock, random, hub, network } = world;
  const keys = random.stream('attacker');
  const transport: Transport = hub.endpoint('attacker');
  let lamport = clock.now() * 1024;
  return {
    stranger() {
      const seed = keys.bytes(32);
      return { did: didOfKey(crypto.publicKey(seed)), sign: (message) => crypto.sign(seed, message) };
    },
    sign(signer, said, thread, choice = {}) {
      const state = world.nodes.get('requester')?.state ?? network.person('requester').node.state;
      lamport = Math.max(lamport + 1, clock.now() * 1024);
      const { network: id, epoch, incarnation, position, digest } = state;
      const payload = {
        v: 1,
        network: id,
        thread,
        ...said,
        refs: [],
        lamport,
        time: clock.now(),
        epoch,
        policy: null,
        from: signer.did,
        head: { incarnation, position, digest },
        evidence: null,
        ...choice,
      } as Payload;
      return signEnvelope(payload, signer, crypto.sha256).bytes;
    },
    publish(envelopes) {
      for (let start = 0; start < envelopes.length; start += MESSAGE_ENVELOPES_MAX)
        transport.publish(GOSSIP_TOPIC, packMessage(envelopes.slice(start, start + MESSAGE_ENVELOPES_MAX)));
    },
    publishBytes: (message) => transport.publish(GOSSIP_TOPIC, message),
  };
}
