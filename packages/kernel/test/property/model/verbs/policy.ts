import { policyOfPieces } from '@canswarm/protocol';
import { sha256 } from '../hash.ts';
import type { Part, Said } from '../part.ts';
import { epochOf, questionOf, rulesAllow } from '../policies.ts';
import { heldRow } from '../policy-rows.ts';
import type { Model } from '../tables.ts';

/** The policy that an entry brings; null where it brings none that an engine takes. */
function brought(model: Model, { body, entry }: Said<'POLICY'>) {
  const policy = policyOfPieces(body, entry.evidence.blocks, sha256);
  const block = entry.evidence.blocks.get(body.capsule);
  if (policy === null || block === undefined || new TextDecoder().decode(policy.engine) !== 'toy') return null;
  return heldRow(epochOf(model) + 1, body.capsule, block);
}

export const policy: Part<'POLICY'> = {
  verb: 'POLICY',
  *faults(model, said) {
    if (said.from !== model.genesis.authority) yield 'authority_only';
    const next = brought(model, said);
    if (next === null || !rulesAllow(next, questionOf(model, said.entry, model.position + 1))) yield 'policy_unfit';
  },
  follow(model, said) {
    const next = brought(model, said);
    if (next === null || model.policy === null) throw new Error('a policy that is none was accepted');
    model.policy.held.push(next);
    for (const member of model.members.values()) if (member.active) member.silences = 0;
  },
};
