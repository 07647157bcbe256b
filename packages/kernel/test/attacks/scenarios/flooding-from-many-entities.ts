import type { EnvelopeId, VerifiedEnvelope } from '@canswarm/protocol';
import { rankedBids } from '../../../src/duties/auction.ts';
import { type Bidder, roomFor } from '../../../src/duties/crowd.ts';
import { entityOf } from '../../../src/pool.ts';
import { scoreBid } from '../../../src/scoring.ts';
import { GossipView } from '../../support/gossip-view.ts';
import { agent } from '../../support/keys.ts';
import { Story, who } from '../../support/story.ts';
import { ADA, BOB, CREDIT, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const FLOOD = Array.from({ length: 24 }, (_, index) => agent(`v${index}`));

/** Keys of many organisations, each with a bond free, fill all places that nodes have for the bids on a need, before honest ones come. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(40, 40), params: { biddersPerNeed: 8 } },
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const { state } = world;
    const kept = new Map<EnvelopeId, VerifiedEnvelope>();
    const bidderOf = ({ id, payload }: VerifiedEnvelope): Bidder => {
      if (payload.verb !== 'PROPOSE') throw new Error('a bid is due');
      const { price, etaMs } = payload.body;
      const merit = [scoreBid(state, story.need, { price, etaMs, worker: payload.from })];
      const entity = entityOf(state, payload.from);
      return { did: payload.from, entity, kind: 'work', merit, id, backed: () => true, needed: () => false };
    };
    const hear = (bid: VerifiedEnvelope): void => {
      const dropped = roomFor(state.params, [...kept.values()].map(bidderOf), bidderOf(bid));
      if (dropped === null) return;
      for (const [id, { payload }] of kept) if (dropped.includes(payload.from)) kept.delete(id);
      kept.set(bid.id, bid);
    };
    for (const key of FLOOD) hear(story.bid(key, 9 * CREDIT));
    const [second, best] = [story.bid(BOB, 5 * CREDIT), story.bid(ADA, 4 * CREDIT)];
    hear(second);
    hear(best);
    if (kept.size > state.params.biddersPerNeed) throw new Error(`${kept.size} bidders are kept`);
    const bids = [...kept.values()];
    const ranked = rankedBids(state, new GossipView().hear(...bids), story.need);
    if (ranked[0]?.id !== best.id) throw new Error('the flood keeps out the best bid');
    const named = ranked.slice(0, 4).map(({ id }) => id);
    const votes = story.seats(story.plan).map((seat) => story.planVote(who(seat.did), named[0] ?? null, named));
    if (!story.decide([...votes, ...bids]).outcome.accepted) throw new Error('DECIDE is refused');
    if (story.lease.bid.worker !== ADA.did) throw new Error('the flood was hired');
  },
} satisfies Attack;
