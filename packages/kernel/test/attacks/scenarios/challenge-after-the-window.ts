import { missingCitation, sealBytes } from '../../support/accusation.ts';
import { LYING } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A result is challenged that can be challenged no more. */
export default {
  attackers: [BYSTANDER],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass').toWindowEnd();
    const proof = missingCitation(story);
    const seal = sealBytes(BYSTANDER, story.commit.id, proof);
    const body = { subject: story.commit.id, class: proof.class, seal, opening: null };
    world.refuse('challenge_window', BYSTANDER, 'CHALLENGE', body);
  },
} satisfies Attack;
