import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, CREDIT, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const BAD = [agent('v0'), agent('v1')];

/** Seats seal whatever, look at what the others open, and open nothing. They earn nothing by honest work meanwhile. */
export default {
  attackers: BAD,
  must: 'unprofitable',
  world: { verifiers: verifiersOf(13, 13) },
  plot(world) {
    const honest = ({ payload }: { readonly payload: { readonly from: string } }): boolean =>
      BAD.every(({ did }) => did !== payload.from);
    for (let need = 0; need < 4; need += 1) {
      const story = new Story(world, { tier: 6 }).toPlanVotes();
      const bids = [story.bid(ADA, 4 * CREDIT)];
      story.decide([...story.planVotes(bids).filter(honest), ...bids]);
      story.deliver().toJudging();
      const votes = story.votes('pass');
      story.certify(votes.map((vote) => story.sealOf(vote)));
      world.tick(500);
      story.certify(votes.filter(honest));
      world.tick(550);
      story.settle();
    }
    const silent = world.events('seat_silent').filter(({ did }) => BAD.some((bad) => bad.did === did));
    if (silent.length === 0) throw new Error('none of them was charged');
  },
} satisfies Attack;
