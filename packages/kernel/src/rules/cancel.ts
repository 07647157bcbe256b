import { reject } from '../context.ts';
import { closeNeed, needOf } from '../need-life.ts';
import type { Need } from '../state.ts';
import type { Rule } from './rule.ts';

const WORKED_ON: ReadonlySet<Need['phase']> = new Set(['leased', 'committed', 'verified']);

/** CANCEL: the requester ends a need on which nobody works. Spec: `spec/04-verbs.md`, CANCEL. */
export const judgeCancel: Rule<'CANCEL'> = (context, { payload }) => {
  const need = context.state.needs.get(payload.body.need);
  // 1 need_unknown
  if (need === undefined) return reject('need_unknown', { need: payload.body.need });
  // 2 requester_only
  if (need.requester !== payload.from) return reject('requester_only', { requester: need.requester });
  // 3 work_pending: no lease and no commit is open, of the need or a task of its plan; such a task ends with the need alone
  const busy = [need, ...need.children.map((id) => needOf(context.state, id))].find(({ phase }) =>
    WORKED_ON.has(phase),
  );
  if (need.parent !== null || need.phase === 'final' || busy !== undefined)
    return reject('work_pending', { phase: busy?.phase ?? need.phase, plan: need.parent?.need ?? null });
  return () => closeNeed(context, need, 'cancelled', 'cancelled by the requester');
};
