import { reject } from '../context.ts';
import { grantLease, leaseMs } from '../need-life.ts';
import { workBond } from '../need-money.ts';
import { plannersShare, planOf, taskName, workerPriceLeft } from '../plan/tasks.ts';
import { bondFunds, mayTry, trialsOf } from '../trials.ts';
import type { Rule } from './rule.ts';

/** CLAIM: anyone with a bond takes a task that no runner-up is left for. Spec: `spec/04-verbs.md`, CLAIM. */
export const judgeClaim: Rule<'CLAIM'> = (context, { entry, payload }) => {
  const { state } = context;
  const { body, from } = payload;
  const need = state.needs.get(body.need);
  // 1 need_unknown
  if (need === undefined) return reject('need_unknown', { need: body.need });
  // 2 task_not_ready: open to claims, before the deadline
  if (need.phase !== 'ready') return reject('task_not_ready', { phase: need.phase });
  // 3 task_other
  if (body.task !== taskName(need)) return reject('task_other', { task: taskName(need) });
  // 4 attempt_other
  if (body.attempt !== need.attempt + 1) return reject('attempt_other', { next: need.attempt + 1 });
  // 5 failed_before
  if (need.failed.has(from)) return reject('failed_before', { did: from });
  // 6 price_over_cap: the planner's share stays
  const left = workerPriceLeft(need);
  if (body.cost > left) return reject('price_over_cap', { cost: body.cost, left });
  // 7 funds_lacking: the bond is free
  const bond = workBond(state, need);
  const free = bondFunds(state, from);
  if (free < bond) return reject('funds_lacking', { free, bond });
  // 8 trials_spent: a trial is another's, and few are one identity's
  if (!mayTry(state, need, from))
    return reject('trials_spent', { trials: trialsOf(state, from), most: state.params.trialsPerIdentity });
  return () => {
    const id = entry.envelope.id;
    const planner = planOf(state, need)?.planner ?? null;
    const bid = { id, worker: from, planner, price: body.cost + plannersShare(need), workerPrice: body.cost, score: 0 };
    grantLease(context, need, bid, Math.min(body.ttlMs, leaseMs(state, need)));
  };
};
