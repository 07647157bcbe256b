import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** On a judged result a seat waits for what another says, and says the same. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(9, 9) },
  plot(world) {
    const story = new Story(world, { tier: 6 }).hire([ADA]).deliver().toJudging();
    const [lazy, ...honest] = story.seats(story.jury);
    if (lazy === undefined) throw new Error('a jury has seats');
    // While seals are gathered there is nothing to copy but seals: a copy of one opens nothing.
    const votes = story.votes('fail', honest);
    const seals = votes.map((vote) => story.sealOf(vote));
    const [other] = seals;
    if (other?.payload.verb !== 'SEAL') throw new Error('a seal is due');
    const copied = story.sealOf(story.vote(lazy, 'pass'), { seal: other.payload.body.seal });
    story.certify([copied, ...seals]);
    if (story.jury.phase !== 'opening') throw new Error('all n sealed and nothing is opened');
    if (!story.certify(votes).outcome.accepted) throw new Error('who sealed may not open');
    if (story.certify([story.vote(lazy, 'fail')]).outcome.accepted) throw new Error('a copied verdict counts');
    story.settle();
  },
} satisfies Attack;
