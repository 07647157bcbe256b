import { policyPieces, utf8 } from '@canswarm/protocol';
import { sha256 } from '../../../support/keys.ts';
import { toyPolicy } from '../../../support/toy-policy.ts';
import { AUTHORITY } from '../../../world.ts';
import type { Command } from '../command.ts';
import { TOY_RULES } from '../policies.ts';

/** One that nothing could replace. */
const SHUT = toyPolicy({ name: 'shut', deny: ['POLICY'] });

/** The authority has another policy hold, or somebody tries what cannot be. */
export default {
  name: 'publish',
  often: 3,
  run(scene, choices) {
    const by = choices.once(6) ? choices.from(scene.everybody) : AUTHORITY;
    const rules = choices.from(TOY_RULES);
    const odd = choices.below(12);
    const policy = odd === 11 ? SHUT : toyPolicy(rules, utf8(odd === 10 ? 'no toy' : 'toy'));
    const { body, blocks } = policyPieces(policy, sha256);
    scene.send(by, 'POLICY', body, { blocks: odd === 9 ? blocks.slice(1) : blocks });
  },
} satisfies Command;
