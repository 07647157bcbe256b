import { accuse, policyViolation } from '../../support/accusation.ts';
import { INPUTS, TRUTHFUL } from '../../support/documents.ts';
import { inGenesis, tinyEngine, tinyPolicy } from '../../support/policies.ts';
import { Story } from '../../support/story.ts';
import { ADA, BYSTANDER } from '../../world.ts';
import type { Attack } from '../attack.ts';

/** What a result cites is left out of the evidence, so that nothing of it seems to stand anywhere and the policy would deny it. */
export default {
  attackers: [BYSTANDER],
  must: 'impossible',
  world: { policy: inGenesis(tinyPolicy({ citing: true })), load: tinyEngine().load },
  unguarded: [
    {
      file: 'policy/count-statements.ts',
      find: "return { status: 'missing', cid: step.value };",
      put: "return { status: 'found', statements: 1, cited: 0 };",
    },
  ],
  plot(world) {
    const story = new Story(world).hire([ADA]).deliver(TRUTHFUL).judge('pass');
    const accusation = policyViolation(story);
    const hidden = new Set<string>(INPUTS.map(({ cid }) => cid));
    const blocks = (accusation.blocks ?? []).filter(({ cid }) => !hidden.has(cid));
    const { upheld } = accuse(world, BYSTANDER, story.commit.id, { ...accusation, blocks });
    if (upheld) throw new Error('what was not shown was counted as not cited');
    story.settle();
  },
} satisfies Attack;
