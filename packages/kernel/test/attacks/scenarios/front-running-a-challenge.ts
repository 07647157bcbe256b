import { lay, missingCitation, opening, sealBytes } from '../../support/accusation.ts';
import { LYING } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, CYD } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Somebody copies the seal of a challenge to open it first. */
export default {
  attackers: [CYD],
  must: 'unprofitable',
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass');
    const { id } = story.commit;
    const proof = missingCitation(story);
    const seal = sealBytes(BYSTANDER, id, proof);
    world.accept(CYD, 'CHALLENGE', { subject: id, class: proof.class, seal, opening: null });
    lay(world, BYSTANDER, id, proof);
    world.refuseEntry('seal_unknown', opening(world, CYD, id, proof, seal));
    world.tickUntil(() => world.events('challenge_lapsed').length > 0, 250);
    world.apply(opening(world, BYSTANDER, id, proof));
    if (!world.events('challenge_judged').some(({ upheld }) => upheld)) throw new Error('the proof was lost');
    world.tickUntil(() => story.settled, 500);
  },
} satisfies Attack;
