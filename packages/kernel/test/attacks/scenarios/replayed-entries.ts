import { ADA, CREDIT, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** A payment is appended again and again. */
export default {
  attackers: [ADA],
  must: 'impossible',
  plot(world) {
    const entry = world.entry(REQUESTER, 'TRANSFER', { to: ADA.did, amount: CREDIT, create: false });
    if (!world.apply(entry).outcome.accepted) throw new Error('the payment itself is sound');
    for (let times = 0; times < 3; times += 1) world.refuseEntry('replayed', entry);
  },
} satisfies Attack;
