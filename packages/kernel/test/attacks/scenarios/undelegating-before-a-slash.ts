import { accuse, missingCitation } from '../../support/accusation.ts';
import { LYING } from '../../support/documents.ts';
import { agent } from '../../support/keys.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER, CREDIT, DAN, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIERS = Array.from({ length: 9 }, (_, index) => agent(`v${index}`));

/** A whale puts stake behind verifiers, which pass a false result; all of them take theirs out before it is challenged. */
export default {
  attackers: [DAN, ...VERIFIERS],
  must: 'unprofitable',
  world: { verifiers: verifiersOf(9, 9, 20 * CREDIT) },
  plot(world) {
    world.accept(DAN, 'STAKE', { amount: 360 * CREDIT });
    for (const key of VERIFIERS) {
      const body = { delegator: DAN.did, delegate: key.did, amount: 40 * CREDIT };
      world.accept(key, 'DELEGATE', body);
      world.accept(DAN, 'DELEGATE', body);
    }
    const story = new Story(world).hire([ADA]).deliver(LYING).judge('pass');
    const { id } = story.commit;
    const seats = story.jury.seats.filter(({ vote }) => vote !== null);
    const due = seats.reduce((sum, { reserved }) => sum + reserved, 0);
    for (const key of VERIFIERS) {
      world.accept(key, 'UNBOND', { delegate: null, amount: world.balance(`stake/${key.did}`) });
      const behind = world.balance(`delegation/${DAN.did}/${key.did}`);
      world.accept(DAN, 'UNBOND', { delegate: key.did, amount: behind });
    }
    const burned = world.balance('burn');
    if (!accuse(world, BYSTANDER, id, missingCitation(story)).upheld) throw new Error('a false quote is proven');
    if (world.balance('burn') < burned + due) throw new Error('some of the reserve got away');
    story.settle();
  },
} satisfies Attack;
