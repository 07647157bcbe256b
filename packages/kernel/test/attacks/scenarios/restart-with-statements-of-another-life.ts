import { restarting } from '../../support/restart.ts';
import { BYSTANDER, verifiersOf } from '../../world.ts';
import type { Attack } from '../attack.ts';

const VERIFIERS = verifiersOf(9, 9);

/** Statements by which a life began are shown again for the next one, at another head and at that of this one. */
export default {
  attackers: [BYSTANDER],
  must: 'impossible',
  world: { verifiers: VERIFIERS },
  unguarded: [
    {
      file: 'rules/restart.ts',
      find: "if (!isStatementOf(statement, payload)) return reject('statement_unfit', { from, verb: statement.payload.verb });",
      put: '',
    },
  ],
  plot(world) {
    const signers = VERIFIERS.map(({ who }) => who);
    const first = restarting(world, signers);
    world.accept(BYSTANDER, 'RESTART', first.body, first.evidence);
    const { body } = restarting(world, []);
    world.refuse('statement_unfit', BYSTANDER, 'RESTART', body, first.evidence);
  },
} satisfies Attack;
