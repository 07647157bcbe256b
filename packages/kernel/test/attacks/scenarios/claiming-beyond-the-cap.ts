import { Story } from '../../support/story.ts';
import { ADA, DAN } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Whoever takes a task that nobody holds asks for more than the need gives. */
export default {
  attackers: [DAN],
  must: 'impossible',
  plot(world) {
    const story = new Story(world).hire([ADA]);
    world.tickUntil(() => world.events('task_ready').length > 0, 250);
    const claim = { need: story.id, task: 'main', attempt: story.need.attempt + 1, ttlMs: 1_000, etaMs: 1 };
    world.refuse('price_over_cap', DAN, 'CLAIM', { ...claim, cost: story.need.pricePool + 1 });
    world.refuse('failed_before', ADA, 'CLAIM', { ...claim, cost: 1 });
  },
} satisfies Attack;
