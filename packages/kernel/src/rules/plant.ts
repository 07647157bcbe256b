import { equalBytes, plantMark } from '@canswarm/protocol';
import { reject } from '../context.ts';
import type { Rule } from './rule.ts';

/** PLANT: whoever delivered what a need was posted to have judged says so. Spec: `spec/04-verbs.md`, PLANT. */
export const judgePlant: Rule<'PLANT'> = (context, { payload }) => {
  const { body, from } = payload;
  const need = context.state.needs.get(body.need);
  // 1 need_unknown
  if (need === undefined) return reject('need_unknown', { need: body.need });
  // 2 plant_other: the need's mark names its requester and the sender; a task of a plan was posted by nobody
  const mark = plantMark({ requester: need.requester, worker: from, salt: body.salt }, context.sha256);
  if (need.parent !== null || !equalBytes(mark, need.body.mark)) return reject('plant_other', { need: need.id });
  // 3 plant_unjudged: the first attempt at it was the sender's, and was judged wrong
  const { misfit } = need;
  if (misfit === null || misfit.worker !== from) return reject('plant_unjudged', { worker: misfit?.worker ?? null });
  // 4 plant_opened
  if (misfit.opened) return reject('plant_opened', { need: need.id });
  return () => {
    need.misfit = { ...misfit, opened: true };
    context.emit({ type: 'plant_opened', need: need.id, worker: from });
  };
};
