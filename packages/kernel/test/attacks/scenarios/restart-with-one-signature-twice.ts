import { restarting } from '../../support/restart.ts';
import { BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIERS = verifiersOf(9, 9);

/** Three of nine verifiers sign twice each, so that six statements are there. */
export default {
  attackers: VERIFIERS.slice(0, 3).map(({ who }) => who),
  must: 'impossible',
  world: { verifiers: VERIFIERS },
  unguarded: [
    {
      file: 'rules/restart.ts',
      find: "if (signers.has(from)) return reject('statement_twice', { from });",
      put: '',
    },
  ],
  plot(world) {
    const signers = VERIFIERS.slice(0, 3).map(({ who }) => who);
    const { body, evidence } = restarting(world, [...signers, ...signers]);
    world.refuse('statement_twice', BYSTANDER, 'RESTART', body, evidence);
  },
} satisfies Attack;
