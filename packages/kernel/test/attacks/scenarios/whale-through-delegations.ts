import { poolOf, stakeOf } from '../../../src/pool.ts';
import { Story } from '../../support/story.ts';
import { ADA, CREDIT, DAN, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A whale without a verifier of its own puts a thousand times their stake behind three verifiers, to judge by them. */
export default {
  attackers: [DAN],
  must: 'impossible',
  world: { verifiers: verifiersOf(12, 12, 10 * CREDIT), free: 30_001 * CREDIT },
  plot(world) {
    world.accept(DAN, 'STAKE', { amount: 30_000 * CREDIT });
    const bought = world.verifiers.slice(0, 3).map(({ who: key }) => key);
    for (const key of bought) {
      const body = { delegator: DAN.did, delegate: key.did, amount: 10_000 * CREDIT };
      world.accept(key, 'DELEGATE', body);
      world.accept(DAN, 'DELEGATE', body);
      if (stakeOf(world.state, key.did) > 50 * CREDIT)
        throw new Error('stake of others counts beyond what own stake bears');
    }
    const { entities } = poolOf(world.state);
    const all = entities.reduce((sum, { weight }) => sum + weight, 0);
    if (entities.some(({ weight }) => weight * 4 > all)) throw new Error('an entity has more than a quarter');
    const ofWhale = entities.filter(({ keys }) => keys.some(({ did }) => bought.some((key) => key.did === did)));
    if (ofWhale.reduce((sum, { weight }) => sum + weight, 0) * 2 > all) throw new Error('the whale moves time alone');
    new Story(world).hire([ADA]).deliver().judge('pass').settle();
  },
} satisfies Attack;
