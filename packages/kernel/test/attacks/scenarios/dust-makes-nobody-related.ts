import { Story } from '../../support/story.ts';
import { ADA, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester sends dust to all verifiers, so that they may not judge. */
export default {
  attackers: [REQUESTER],
  must: 'impossible',
  plot(world) {
    for (const { who: key } of world.verifiers)
      world.accept(REQUESTER, 'TRANSFER', { to: key.did, amount: 1, create: false });
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    if (story.jury.seats.length < story.jury.n) throw new Error('dust kept verifiers out');
    story.judge('pass').settle();
  },
} satisfies Attack;
