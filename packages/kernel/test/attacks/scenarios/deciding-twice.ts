import { Story } from '../../support/story.ts';
import { ADA, BOB, CREDIT } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A need is decided again for another worker. */
export default {
  attackers: [BOB],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).toPlanVotes();
    const [first, second] = [story.bid(ADA, 3 * CREDIT), story.bid(BOB, 2 * CREDIT)];
    const { round } = story.need;
    const { ballot } = story.plan;
    const again = [...story.planVotes([second]), second];
    story.decide([...story.planVotes([first]), first]);
    world.refuse('need_not_open', BOB, 'DECIDE', { need: story.id, round, ballot }, { envelopes: again });
  },
} satisfies Attack;
