import { agent } from '../../support/keys.ts';
import { restarting } from '../../support/restart.ts';
import { BYSTANDER, CREDIT, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIERS = verifiersOf(9, 9);
const DUST = Array.from({ length: 20 }, (_, index) => agent(`dust${index}`));

/** Twenty keys join with next to no stake, and sign: many signatures, and the word of nobody. */
export default {
  attackers: DUST,
  must: 'impossible',
  world: {
    verifiers: VERIFIERS,
    params: { minStake: CREDIT },
    others: DUST.map((who) => ({ who, org: null, free: 2 * CREDIT })),
  },
  unguarded: [
    {
      file: 'rules/restart.ts',
      find: "if (!stakes.has(from)) return reject('verifier_only', { from });",
      put: '',
    },
    {
      file: 'rules/restart.ts',
      find: 'signed === 0n || 3n * signed < 2n * stake',
      put: '3 * judged.entry.evidence.envelopes.length < 2 * stakes.size',
    },
  ],
  plot(world) {
    for (const who of DUST) {
      world.accept(who, 'STAKE', { amount: CREDIT - 1 });
      world.accept(who, 'JOIN', { tip: new Uint8Array(32), length: 1, credential: null });
    }
    const { body, evidence } = restarting(world, DUST);
    world.refuse('verifier_only', BYSTANDER, 'RESTART', body, evidence);
  },
} satisfies Attack;
