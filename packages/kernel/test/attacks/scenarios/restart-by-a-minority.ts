import { restarting } from '../../support/restart.ts';
import { BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIERS = verifiersOf(9, 9);

/** Five of nine verifiers with as much stake as each other have the log begin another life, in which what the others saw counts for nothing. */
export default {
  attackers: VERIFIERS.slice(0, 5).map(({ who }) => who),
  must: 'impossible',
  world: { verifiers: VERIFIERS },
  unguarded: [{ file: 'rules/restart.ts', find: '3n * signed < 2n * stake', put: '2n * signed < stake' }],
  plot(world) {
    const signers = VERIFIERS.slice(0, 5).map(({ who }) => who);
    const { body, evidence } = restarting(world, signers);
    world.refuse('stake_too_little', BYSTANDER, 'RESTART', body, evidence);
  },
} satisfies Attack;
