import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

const NEW = agent('stranger');

/** A key takes one trial after the other and never a task with a bond: after a few others get them, and half of its pay stays out of reach. */
export default {
  attackers: [NEW],
  must: 'impossible',
  unguarded: [
    {
      file: 'trials.ts',
      find: 'trialsOf(state, did) < state.params.trialsPerIdentity',
      put: 'trialsOf(state, did) >= 0',
    },
  ],
  plot(world) {
    for (let count = 0; count < 4; count += 1) {
      const story = new Story(world, { trial: 'funded', priceCap: CREDIT }).hire([NEW, BOB], CREDIT / 2);
      if (count >= 2 && story.lease.bid.worker === NEW.did) throw new Error('a third trial for one key');
      story.deliver().judge('pass').settle();
    }
    if (world.balance(`trial/${NEW.did}`) < world.free(NEW)) throw new Error('less than half is withheld');
  },
} satisfies Attack;
