import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, REQUESTER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const KEPT = [0, 1, 2].map((index) => agent(`v${index}`));

/** Verifiers leave a network that left bootstrap, so that the few who stay, all of one owner, judge what the owner asks for. */
export default {
  attackers: [REQUESTER, ADA, ...KEPT],
  must: 'impossible',
  world: { verifiers: verifiersOf(8, 8), params: { bootstrapVerifiers: 8, bootstrapMs: 1000 } },
  plot(world) {
    for (const { who } of world.verifiers.slice(3)) world.accept(who, 'LEAVE', {});
    const story = new Story(world);
    world.tickUntil(() => story.settled, 500);
    if (world.events('seated').length > 0) throw new Error('a committee was drawn from three organisations');
    if (world.events('draw_waiting').length === 0) throw new Error('nobody was told that too few are there');
  },
} satisfies Attack;
