import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, CREDIT, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const ACCOMPLICES = Array.from({ length: 3 }, (_, index) => agent(`v${index}`));

/** A worker puts stake behind verifiers that take it, before a draw and once they sit, so that they judge its work kindly. */
export default {
  attackers: [ADA, ...ACCOMPLICES],
  must: 'impossible',
  world: { verifiers: verifiersOf(12, 12, 100 * CREDIT) },
  plot(world) {
    world.accept(ADA, 'STAKE', { amount: 60 * CREDIT });
    const bodies = ACCOMPLICES.map(({ did }) => ({ delegator: ADA.did, delegate: did, amount: 10 * CREDIT }));
    for (const [index, key] of ACCOMPLICES.entries()) world.accept(key, 'DELEGATE', bodies[index] ?? fail());
    world.accept(ADA, 'DELEGATE', bodies[0] ?? fail());
    const story = new Story(world).hire([ADA]).deliver().toJudging();
    if (story.jury.seats.some(({ did }) => did === ACCOMPLICES[0]?.did)) throw new Error('who is paid for it judges');
    for (const body of bodies.slice(1)) {
      const sits = story.jury.seats.some(({ did }) => did === body.delegate);
      if (sits) world.refuse('delegation_judging', ADA, 'DELEGATE', body);
      else world.accept(ADA, 'DELEGATE', body);
    }
    story.judge('pass').settle();
  },
} satisfies Attack;

function fail(): never {
  throw new Error('an accomplice has a delegation');
}
