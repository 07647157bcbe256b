import { beforeJury, Hearing } from '../../support/dispute.ts';
import { LYING } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, CYD, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker has accomplices dispute its own result first, so that nobody is left to sit on the jury that would find it wrong. */
export default {
  attackers: [ADA, BYSTANDER],
  must: 'unprofitable',
  world: { verifiers: verifiersOf(20, 20) },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass');
    const theirs = new Hearing(story, BYSTANDER, beforeJury('unavailable'));
    const after = new Hearing(story, BYSTANDER, beforeJury('semantic_contradiction')).rule('dismiss');
    const ours = new Hearing(story, CYD);
    theirs.rule('dismiss');
    ours.rule('uphold').toEnd();
    if (!theirs.over || !after.over) throw new Error('what is moot goes on');
    if (!world.events('lease_lost').some(({ reason }) => reason === 'overturned')) throw new Error('the result stands');
    story.settle(500);
  },
} satisfies Attack;
