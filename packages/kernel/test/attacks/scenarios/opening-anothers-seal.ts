import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Somebody who heard a sealed vote early opens it as its own, or opens it for its seat before the time. */
export default {
  attackers: [],
  must: 'impossible',
  world: { verifiers: verifiersOf(9, 9) },
  plot(world) {
    const story = new Story(world, { tier: 4 }).hire([ADA]).deliver().toJudging();
    const [thief, victim] = story.seats(story.jury);
    if (thief === undefined || victim === undefined) throw new Error('a jury has seats');
    const votes = story.votes('pass');
    if (story.certify(votes).outcome.accepted) throw new Error('votes are opened before they are sealed');
    const seals = votes.map((vote) => story.sealOf(vote));
    story.certify(seals);
    const said = votes.find(({ payload }) => payload.from === victim.did)?.payload;
    if (said?.verb !== 'ATTEST') throw new Error('the victim passes');
    // Its words with its salt, signed by the thief.
    const stolen = world.gossip(thief, 'ATTEST', { ...said.body, steps: story.steps(thief) });
    if (story.certify([stolen]).outcome.accepted) throw new Error('a seal is opened by another');
    story.certify(votes);
    story.settle();
  },
} satisfies Attack;
