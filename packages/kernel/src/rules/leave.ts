import { reject } from '../context.ts';
import type { Rule } from './rule.ts';

/** LEAVE: a verifier is drawn no more. What it owes by then it still owes. Spec: `spec/04-verbs.md`, LEAVE. */
export const judgeLeave: Rule<'LEAVE'> = (context, { payload }) => {
  const { state } = context;
  const member = state.members.get(payload.from);
  // 1 member_unknown: the sender is an active member with a chain
  if (member === undefined || !member.active || member.tip === null)
    return reject('member_unknown', { from: payload.from });
  return () => {
    member.active = false;
    member.left = true;
    state.pool = null;
    context.emit({ type: 'member_left', did: member.did });
  };
};
