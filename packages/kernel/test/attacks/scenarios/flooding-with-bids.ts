import type { VerifiedEnvelope } from '@canswarm/protocol';
import { Story } from '../../support/story.ts';
import { ADA, BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Two accomplices outdo one another without end, so that the auction has none and its evidence no bound. */
export default {
  attackers: [ADA, BOB],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const chain: VerifiedEnvelope[] = [];
    for (let turn = 0; turn <= world.state.params.bidTurns; turn += 1) {
      const outbids = chain[0]?.id ?? null;
      chain.unshift(story.bid(turn % 2 === 0 ? ADA : BOB, (8 - turn) * CREDIT, { outbids }));
    }
    const [last] = chain;
    if (last === undefined) throw new Error('nobody bid');
    const { outcome } = story.decide([...story.planVotes([last]), ...chain]);
    if (outcome.accepted || outcome.code !== 'bid_unfit') throw new Error('a bid of a turn too many won');
  },
} satisfies Attack;
