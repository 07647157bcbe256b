import { Hearing } from '../../support/dispute.ts';
import { LYING } from '../../support/documents.ts';
import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A worker whose result a jury found wrong appeals as often as it can, so that the finding never takes effect. */
export default {
  attackers: [ADA],
  must: 'unprofitable',
  world: { verifiers: verifiersOf(56, 56), arbiters: [agent('stranger'), agent('v60'), agent('v61')] },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass');
    const hearing = new Hearing(story, BYSTANDER).rule('uphold');
    for (let appeals = 0; !hearing.over; appeals += 1) {
      if (appeals > 3) throw new Error('there is always another appeal');
      if (hearing.appeal(ADA).outcome.accepted) hearing.rule('uphold');
      else hearing.toEnd();
    }
    if (hearing.appeal(ADA).outcome.accepted) throw new Error('the last word is appealed');
    if (!world.events('challenge_judged').some(({ upheld }) => upheld)) throw new Error('the result stands');
    story.settle(500);
  },
} satisfies Attack;
