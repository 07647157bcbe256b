import { reject } from '../context.ts';
import { closeNeed } from '../need-life.ts';
import type { Rule } from './rule.ts';

/** CANCEL: the requester ends a need on which nobody works. Spec: `spec/04-verbs.md`, CANCEL. */
export const judgeCancel: Rule<'CANCEL'> = (context, { payload }) => {
  const need = context.state.needs.get(payload.body.need);
  // 1 need_unknown
  if (need === undefined) return reject('need_unknown', { need: payload.body.need });
  // 2 requester_only
  if (need.requester !== payload.from) return reject('requester_only', { requester: need.requester });
  // 3 work_pending: no lease and no commit is open
  if (need.phase !== 'bidding' && need.phase !== 'ready') return reject('work_pending', { phase: need.phase });
  return () => closeNeed(context, need, 'cancelled', 'cancelled by the requester');
};
