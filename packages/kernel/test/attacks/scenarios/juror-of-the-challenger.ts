import { beforeJury, Hearing } from '../../support/dispute.ts';
import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const CHALLENGER = agent('v0');
/** Keys of the challenger's organisation. */
const OWN = [CHALLENGER, agent('v24'), agent('v48')];

/** A challenger has other keys of its organisation sit on the jury that hears it. */
export default {
  attackers: OWN,
  must: 'impossible',
  world: { verifiers: verifiersOf(50, 24) },
  plot(world) {
    for (let round = 0; round < 4; round += 1) {
      const story = new Story(world).hire([ADA]).deliver().judge('pass');
      const hearing = new Hearing(story, CHALLENGER, beforeJury('wrong_output', `${round}`)).toVotes();
      const dids = OWN.map(({ did }) => did);
      if (hearing.committee.seats.some(({ did }) => dids.includes(did)))
        throw new Error('its own key judges its challenge');
      const votes = OWN.map((own) => hearing.vote(own, 'uphold'));
      if (hearing.say('INVALIDATE', votes).outcome.accepted) throw new Error('keys without a seat are heard');
      hearing.rule('dismiss').toEnd();
      story.settle(500);
    }
  },
} satisfies Attack;
