import { lay, opening } from '../../support/accusation.ts';
import { beforeJury, Hearing } from '../../support/dispute.ts';
import { TRUTHFUL } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** One jury after the other is asked about a result that is as it must be, to keep it from being final and the seats from being paid. */
export default {
  attackers: [BYSTANDER],
  must: 'unprofitable',
  world: { verifiers: verifiersOf(24, 24) },
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(TRUTHFUL).judge('pass');
    const { id } = story.commit;
    const salts = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    const first = new Hearing(story, BYSTANDER, beforeJury('wrong_output', 'a'));
    for (const salt of salts) lay(world, BYSTANDER, id, beforeJury('wrong_output', salt));
    first.rule('dismiss').toEnd();
    for (const salt of salts) {
      const accusation = beforeJury('wrong_output', salt);
      const { events } = world.apply(opening(world, BYSTANDER, id, accusation));
      const opened = events.find((event) => event.type === 'dispute_opened');
      if (opened !== undefined) new Hearing(story, opened).rule('dismiss').toEnd();
    }
    world.tickUntil(() => story.settled, 500);
    if (world.events('finalized').length !== 1) throw new Error('the result never became final');
    if (world.events('challenge_judged').some(({ upheld }) => upheld))
      throw new Error('a jury that dismisses is not heard');
  },
} satisfies Attack;
