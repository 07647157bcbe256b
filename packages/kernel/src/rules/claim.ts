import { reject } from '../context.ts';
import { grantLease, leaseMs } from '../need-life.ts';
import { workBond } from '../need-money.ts';
import { freeBalance } from '../pool.ts';
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
  // 3 attempt_other
  if (body.attempt !== need.attempt + 1) return reject('attempt_other', { next: need.attempt + 1 });
  // 4 failed_before
  if (need.failed.has(from)) return reject('failed_before', { did: from });
  // 5 price_over_cap
  if (body.cost > need.pricePool) return reject('price_over_cap', { cost: body.cost, left: need.pricePool });
  // 6 funds_lacking: the bond is free
  const bond = workBond(state, need);
  const free = freeBalance(state, from);
  if (free < bond) return reject('funds_lacking', { free, bond });
  return () => {
    const id = entry.envelope.id;
    const bid = { id, worker: from, planner: null, price: body.cost, workerPrice: body.cost, score: 0 };
    grantLease(context, need, bid, Math.min(body.ttlMs, leaseMs(state, need)));
  };
};
