import { needRow } from '../committees.ts';
import { bondOf, grant, openNeed } from '../needs.ts';
import type { Part } from '../part.ts';
import { planPay } from '../plans.ts';
import { mayTry, within } from '../trials.ts';

export const claim: Part<'CLAIM'> = {
  verb: 'CLAIM',
  *faults(model, { from, body }) {
    const need = openNeed(model, body.need);
    if (need === undefined) return yield 'need_unknown';
    if (need.phase !== 'ready') yield 'task_not_ready';
    if (body.task !== (need.parent?.task ?? 'main')) yield 'task_other';
    if (body.attempt !== need.attempt + 1) yield 'attempt_other';
    if (need.failed.has(from)) yield 'failed_before';
    if (body.cost > need.price - planPay(model, need).price) yield 'price_over_cap';
    if (within(model, from) < bondOf(model, need)) yield 'funds_lacking';
    if (!mayTry(model, need, from)) yield 'trials_spent';
  },
  follow(model, { id, from, body }) {
    const need = needRow(model, body.need);
    const { planner, price } = planPay(model, need);
    const bid = { id, worker: from, planner, price: body.cost + price, workerPrice: body.cost };
    grant(model, need, bid, Math.min(body.ttlMs, need.body.windows.leaseMs));
  },
};
