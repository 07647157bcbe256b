import { lay, schemaViolation } from '../../support/accusation.ts';
import { TRUTHFUL } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Seals are laid one after the other and never opened, to keep a result from being final. */
export default {
  attackers: [BYSTANDER],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(TRUTHFUL).judge('pass');
    for (let seal = 0; seal < 12; seal += 1)
      lay(world, BYSTANDER, story.commit.id, { ...schemaViolation(story), salt: `${seal}` });
    world.tickUntil(() => story.settled, 500);
    if (world.events('finalized').length !== 1) throw new Error('the result never became final');
  },
} satisfies Attack;
