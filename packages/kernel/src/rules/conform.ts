import { conformDigest, equalBytes, vectorOfPieces } from '@canswarm/protocol';
import { type Rejection, reject } from '../context.ts';
import { isSuspended } from '../policy/divergence.ts';
import type { Rule } from './rule.ts';

/** CONFORM: a suspended member answers for the conformance vector of the present policy. Spec: `spec/04-verbs.md`, CONFORM. */
export const judgeConform: Rule<'CONFORM'> = (context, { entry, payload }) => {
  const { state, sha256 } = context;
  const { from, body } = payload;
  // 1 not_suspended
  if (!isSuspended(state, from)) return reject('not_suspended', { from });
  const present = state.policy?.present ?? null;
  const unfit = (why: string): Rejection => reject('conformance_unfit', { capsule: body.capsule, why });
  // 2 conformance_unfit: it is about the policy that holds, and the evidence is the vector which that names
  if (body.capsule !== (present?.cid ?? null)) return unfit('another policy holds');
  const vector = present === null ? [] : vectorOfPieces(body, entry.evidence.blocks, present.conformance, sha256);
  if (vector === null) return unfit('its blocks are not the vector of that policy');
  // 3 conformance_other: what the member decided is what the vector says
  const due = conformDigest({ did: from, capsule: body.capsule, decisions: vector }, sha256);
  if (!equalBytes(body.digest, due)) return reject('conformance_other', { cases: vector.length });
  return () => {
    const suspension = state.suspensions.get(from);
    if (suspension !== undefined) state.suspensions.set(from, { ...suspension, conformedAt: context.position });
    context.emit({ type: 'member_conformed', did: from, cases: vector.length });
  };
};
