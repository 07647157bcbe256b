import { GOSSIP_TOPIC } from '@canswarm/node';
import type { Signer } from '@canswarm/ports';
import type { DagValue, Did } from '@canswarm/protocol';
import { quoteCast, type World } from '@canswarm/simulator';
import { SHARD } from 'canswarm';
import { postQuote } from '../world/post-quote.ts';
import { unpackMessage } from '../world/wire-tap.ts';

/** Genuine gossip envelopes and log entries of a network, each kind of them that its story brings about. */
export interface Corpus {
  readonly envelopes: readonly Uint8Array[];
  readonly entries: readonly Uint8Array[];
  /** The stolen key of a member, by its did; undefined for strangers. */
  signerOf(did: DagValue): Signer | undefined;
}

/** A liar, then one who stalls; the third is honest. */
export const corpusCast = quoteCast({
  workers: [
    { engine: 'liar', priceBps: 5_000 },
    { engine: 'stall', priceBps: 5_500 },
    { engine: 'honest', priceBps: 6_500 },
    { engine: 'honest', priceBps: 7_000 },
  ],
});

const LIMIT_MS = 60_000;
const GOSSIP_MAX = 600;

/**
 * Lets a network meet one need with all sorts of trouble (a lie that lazy seats pass, a challenge, a stall, a release) and
 * keeps what was said. The network must have been started.
 */
export async function gatherCorpus(world: World): Promise<Corpus> {
  const { clock, hub, log, network } = world;
  const envelopes: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  const ear = hub.endpoint('ear');
  ear.subscribe(GOSSIP_TOPIC, (message) => {
    if (envelopes.length < GOSSIP_MAX) envelopes.push(...unpackMessage(message));
    return 'accept';
  });
  const following = log.follow(SHARD, 0, (records) => {
    for (const { bytes } of records) entries.push(bytes);
  });
  network.person('worker-2').identity.lifeless = true;
  let lazy = 3;
  const honest = [...network.people];
  const stops = [...world.nodes.values()].map((node) =>
    node.listen({
      onApplied({ events }) {
        for (const event of events) {
          const identity = event.type === 'seated' ? network.byDid(event.did)?.identity : undefined;
          if (event.type !== 'seated' || !event.subject.startsWith('result/') || identity === undefined) continue;
          if (lazy > 0 && identity.engines.evaluate === 'honest') {
            lazy -= 1;
            identity.engines.evaluate = 'lazy';
          }
        }
      },
    }),
  );
  const need = await postQuote(world);
  const open = (): boolean =>
    [...world.nodes.values()].some((node) => node.state.needs.has(need) || node.state.position === 0);
  const { end } = await clock.runUntil(() => !open() && entries.length > 12, { untilMs: clock.now() + LIMIT_MS });
  if (end !== 'done') throw new Error(`the story of the corpus ended by ${end}`);
  for (const stop of stops) stop();
  for (const { identity } of honest) if (identity.engines.evaluate !== null) identity.engines.evaluate = 'honest';
  await clock.settled(following.close());
  await ear.close();
  return { envelopes, entries, signerOf: (did) => network.byDid(did as Did)?.identity.signer };
}
