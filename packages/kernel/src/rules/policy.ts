import { policyOfPieces } from '@canswarm/protocol';
import { reject } from '../context.ts';
import { beginPolicy, loadPolicy } from '../policy/network-policy.ts';
import { lawQuestion } from '../policy/policy-gate.ts';
import { policyInput } from '../policy/policy-input.ts';
import type { Rule } from './rule.ts';

/** POLICY: the authority begins an epoch with another policy. Spec: `spec/04-verbs.md`, POLICY. */
export const judgePolicy: Rule<'POLICY'> = (context, { entry, payload }) => {
  const { state, sha256, load = null } = context;
  const { capsule } = payload.body;
  // 1 authority_only
  if (payload.from !== state.authority) return reject('authority_only', { authority: state.authority });
  // 2 policy_unfit: the evidence is a policy of this name, it can be loaded, and it lets the authority replace it
  const policy = policyOfPieces(payload.body, entry.evidence.blocks, sha256);
  if (policy === null) return reject('policy_unfit', { capsule, why: 'its blocks are no policy of this name' });
  const loaded = loadPolicy(policy, load);
  if (loaded === null) return reject('policy_unfit', { capsule, why: 'the engine refuses its module' });
  if (!loaded.decide(policyInput(state, lawQuestion(entry))).allow)
    return reject('policy_unfit', { capsule, why: 'it denies this entry, so that nothing could replace it' });
  return () => {
    state.epoch += 1;
    state.policy = beginPolicy(state.policy, loaded, state.epoch, context.position);
    for (const member of state.members.values()) if (member.active) member.silences = 0;
    state.pool = null;
    context.emit({ type: 'policy_changed', epoch: state.epoch, capsule });
  };
};
