import { lay, missingCitation, opening } from '../../support/accusation.ts';
import { LYING } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker has its result made final while a challenge waits. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass');
    const { id } = story.commit;
    world.tick(1_900);
    lay(world, BYSTANDER, id, missingCitation(story));
    world.tickUntil(() => world.state.commits.get(id)?.windowClosed === true, 50);
    world.refuse('challenge_open', ADA, 'FINALIZE', { commit: id });
    world.apply(opening(world, BYSTANDER, id, missingCitation(story)));
    if (world.events('finalized').length > 0) throw new Error('a false result became final');
  },
} satisfies Attack;
