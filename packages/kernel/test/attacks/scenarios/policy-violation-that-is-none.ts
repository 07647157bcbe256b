import { accuse, policyViolation } from '../../support/accusation.ts';
import { TRUTHFUL } from '../../support/documents.ts';
import { inGenesis, tinyEngine, tinyPolicy } from '../../support/policies.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A result that cites all that it states is said to break the policy of its network. */
export default {
  attackers: [BYSTANDER],
  must: 'unprofitable',
  world: { policy: inGenesis(tinyPolicy({ citing: true })), load: tinyEngine().load },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(TRUTHFUL).judge('pass');
    const { upheld } = accuse(world, BYSTANDER, story.commit.id, policyViolation(story));
    if (upheld) throw new Error('what the policy allows was called a violation');
    story.settle();
    if (world.events('finalized').length !== 1) throw new Error('the result is not final');
  },
} satisfies Attack;
