import { accuse, missingCitation } from '../../support/accusation.ts';
import { LYING } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker delivers a planted error and has an accomplice prove it, to get back more than the bond. */
export default {
  attackers: [ADA, BYSTANDER],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass');
    const { upheld } = accuse(world, BYSTANDER, story.commit.id, missingCitation(story));
    if (!upheld) throw new Error('a false quote is proven');
    world.tickUntil(() => story.settled, 500);
  },
} satisfies Attack;
