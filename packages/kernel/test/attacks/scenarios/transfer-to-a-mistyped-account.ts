import { agent } from '../../support/keys.ts';
import { CREDIT, REQUESTER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Credits vanish into an account that nobody has. */
export default {
  attackers: [REQUESTER],
  must: 'impossible',
  plot(world) {
    const typo = agent('nobody').did;
    world.refuse('account_unknown', REQUESTER, 'TRANSFER', { to: typo, amount: CREDIT, create: false });
    world.refuse('account_unknown', REQUESTER, 'ESCROW', { to: typo, amount: CREDIT, periodMs: 1, create: false });
  },
} satisfies Attack;
