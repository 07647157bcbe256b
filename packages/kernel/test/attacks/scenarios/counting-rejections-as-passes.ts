import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Two passes and three rejections are shown as a verdict. */
export default {
  attackers: [ADA],
  must: 'impossible',
  world: { verifiers: verifiersOf(9, 9) },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    const [one, two, ...others] = story.seats(story.jury);
    if (one === undefined || two === undefined) throw new Error('a jury has seats');
    const envelopes = [story.vote(one, 'pass'), story.vote(two, 'pass'), ...story.votes('fail', others)];
    story.certify(envelopes);
    if (world.events('certified').some(({ verdict }) => verdict === 'pass')) throw new Error('it passed');
  },
} satisfies Attack;
