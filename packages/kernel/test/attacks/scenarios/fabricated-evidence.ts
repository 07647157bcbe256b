import { accuse, missingCitation } from '../../support/accusation.ts';
import { TRUTHFUL } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A true result is accused of a false quote. */
export default {
  attackers: [BYSTANDER],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(TRUTHFUL).judge('pass');
    const { upheld } = accuse(world, BYSTANDER, story.commit.id, missingCitation(story));
    if (upheld) throw new Error('a true quote was called false');
    story.settle();
    if (world.events('finalized').length !== 1) throw new Error('the true result is not final');
  },
} satisfies Attack;
