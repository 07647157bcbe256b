import { Story } from '../../support/story.ts';
import { ADA, CREDIT, REQUESTER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A requester puts dust behind verifiers that it would rather not be judged by: behind some that did not ask, and some that did. */
export default {
  attackers: [REQUESTER],
  must: 'impossible',
  world: { verifiers: verifiersOf(9, 9, 100 * CREDIT) },
  plot(world) {
    world.accept(REQUESTER, 'STAKE', { amount: 50 * CREDIT });
    for (const [index, { who: key }] of world.verifiers.entries()) {
      const body = { delegator: REQUESTER.did, delegate: key.did, amount: CREDIT };
      world.refuse('delegation_refused', REQUESTER, 'DELEGATE', body);
      if (index > 4) continue;
      world.accept(key, 'DELEGATE', body);
      world.refuse('delegation_small', REQUESTER, 'DELEGATE', { ...body, amount: 1 });
      world.accept(REQUESTER, 'DELEGATE', body);
    }
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    if (story.jury.seats.length < story.jury.n) throw new Error('dust kept verifiers out');
    story.judge('pass').settle();
  },
} satisfies Attack;
