import type { Block } from '@canswarm/protocol';
import { accuse, missingCitation, schemaViolation } from '../../support/accusation.ts';
import { TRUTHFUL } from '../../support/documents.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** Openings that show much and prove nothing, so that every node reads and judges all of it for one small bond. */
export default {
  attackers: [],
  must: 'impossible',
  world: { params: { proofUnitBond: 1_000 } },
  unguarded: [
    {
      file: 'rules/challenge.ts',
      find: 'const cost = proofBond(state.params, { class: kind, commit }, entry.evidence);',
      put: 'const cost = 0 * proofBond(state.params, { class: kind, commit }, entry.evidence);',
    },
  ],
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(TRUTHFUL).judge('pass');
    const { id } = story.commit;
    const burned = (blocks: readonly Block[], salt: string): number => {
      accuse(world, BYSTANDER, id, { ...schemaViolation(story), blocks, salt });
      return world.events('posting').findLast(({ code }) => code === 'challenge_bond_burned')?.amount ?? 0;
    };
    const small = burned([], 'small');
    const blocks = missingCitation(story).blocks ?? [];
    if (burned(blocks, 'large') < small + 1_000 * blocks.length) throw new Error('more to judge costs no more');
    story.settle();
  },
} satisfies Attack;
