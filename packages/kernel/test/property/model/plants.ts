import { balance, floorOf, move } from './ledger.ts';
import type { Model, NeedRow } from './tables.ts';

type Kind = 'judged' | 'repaid';

/** How many needs of a class were judged, or repaid as plants, since the present period began. */
export function plantsOf({ plants, params, time }: Model, kind: Kind, about: string): number {
  const begun = time - (time % params.reputationPeriodMs);
  return plants.filter((row) => row.kind === kind && row.class === about && row.time >= begun).length;
}

/** The seat fee that a judged need pays so that others may plant, of what is left of its own fees. */
export function levy(model: Model, need: NeedRow): void {
  if (need.status !== 'closed' && need.level === 1 && need.misfit === null) return;
  const amount = Math.min(need.body.seatFee, Math.max(0, need.fees - need.forfeited));
  need.fees -= amount;
  move(model, `escrow/${need.id}`, 'fund/plants', amount);
  if (model.bootstrap === null) model.plants.push({ time: model.time, class: need.body.class, kind: 'judged' });
}

/** What an opened plant gets back; `wasted` is what of bonds no seat earned. */
export function repay(model: Model, need: NeedRow, wasted: number): void {
  const { misfit } = need;
  if (misfit?.opened !== true || model.bootstrap !== null) return;
  const { plantRateBps, plantRepayBps } = model.params;
  const [judged, repaid] = [plantsOf(model, 'judged', need.body.class), plantsOf(model, 'repaid', need.body.class)];
  if (repaid + 1 > floorOf(judged, plantRateBps, 10_000)) return;
  const burned = misfit.burned + (need.level <= 2 ? wasted : 0);
  const cost = burned + Math.min(need.spent, burned);
  const amount = Math.min(floorOf(cost, plantRepayBps, 10_000), balance(model, 'fund/plants'));
  move(model, 'fund/plants', `free/${misfit.worker}`, amount);
  if (amount > 0) model.plants.push({ time: model.time, class: need.body.class, kind: 'repaid' });
}
