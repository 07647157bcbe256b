import { randomBytes } from 'node:crypto';
import { libp2pTransport } from '@canswarm/libp2p';
import { sodiumCrypto, softwareSigner, systemClock } from '@canswarm/local';
import { memoryMeter } from '@canswarm/memory';
import { Gather, GOSSIP_TOPIC, Ingress, MESSAGE_ENVELOPES_MAX, packMessage } from '@canswarm/node';
import type { Signer } from '@canswarm/ports';
import { createMemo, type Payload, signBatch, signEnvelope, utf8, type VerifiedEnvelope } from '@canswarm/protocol';
import { now, type PeerConfig } from './messages.ts';
import { reportOf } from './report.ts';
import type { Speaker } from './speaker.ts';

/** Speaks as a node does: drafts are gathered, signed as one batch a key, packed, gossiped, and verified by whoever hears them. */
export async function nodeSpeaker(
  config: PeerConfig,
  onSent: (id: string, at: number) => void,
  onGot: (id: string, at: number) => void,
): Promise<Speaker> {
  const crypto = sodiumCrypto();
  const { sha256 } = crypto;
  const clock = systemClock();
  const seed = new Uint8Array(randomBytes(32));
  const transport = await libp2pTransport({ network: config.network, seed, sha256, bootstrap: config.bootstrap });
  const keysOf = (peer: number): readonly Signer[] =>
    Array.from({ length: config.keys }, (_, key) => softwareSigner(sha256(utf8(`${config.network} ${peer} ${key}`))));
  const keys = keysOf(config.index);
  const own = new Set(keys.map(({ did }) => did));
  const members = new Set(Array.from({ length: config.peers }, (_, peer) => keysOf(peer).map(({ did }) => did)).flat());
  const ingress = new Ingress({
    crypto,
    memo: createMemo(),
    verified: null,
    network: config.network,
    aheadMs: 5_000,
    meter: memoryMeter(),
    now: () => clock.now(),
    onEnvelope({ id, payload }: VerifiedEnvelope) {
      // As a node does with reports of who is no verifier.
      if (!members.has(payload.from)) return 'report_unfit';
      if (own.has(payload.from)) return null;
      onGot(id, now());
      return null;
    },
  });
  transport.subscribe(GOSSIP_TOPIC, (message) => {
    const { verdict, rest } = ingress.receive(message);
    if (rest !== null) transport.publish(GOSSIP_TOPIC, rest);
    return verdict;
  });
  let lamport = clock.now();
  const payloadOf = ({ did }: Signer): Payload => reportOf(config.network, did, clock.now(), ++lamport);
  const gather = new Gather<{ readonly key: Signer; readonly at: number }>(clock, config.gatherMs, (drafts) => {
    const envelopes: Uint8Array[] = [];
    for (const [key, ofOne] of Map.groupBy(drafts, (draft) => draft.key)) {
      const said = ofOne.map(() => payloadOf(key));
      const [only] = said;
      const signed =
        said.length === 1 && only !== undefined ? [signEnvelope(only, key, sha256)] : signBatch(said, key, sha256);
      for (const [index, { id, bytes }] of signed.entries()) {
        onSent(id, ofOne[index]?.at ?? Number.NaN);
        envelopes.push(bytes);
      }
    }
    for (let start = 0; start < envelopes.length; start += MESSAGE_ENVELOPES_MAX) {
      const message = packMessage(envelopes.slice(start, start + MESSAGE_ENVELOPES_MAX));
      transport.publish(GOSSIP_TOPIC, message);
      // A node hears itself, so that it knows what comes back to it.
      ingress.receive(message);
    }
  });
  let turn = 0;
  return {
    address: transport.status().addresses[0] ?? '',
    peers: () => transport.peers().length,
    cutOff: () => transport.status().refused.cut_off ?? 0,
    say() {
      turn += 1;
      const key = keys[turn % keys.length];
      if (key !== undefined) gather.add({ key, at: now() });
    },
    close: () => transport.close(),
  };
}
