import type { Did, Micro } from '@canswarm/protocol';
import { balanceOf, escrowAccount, freeAccount, PLANT_FUND } from './accounts.ts';
import { mulDivFloor } from './amounts.ts';
import type { Context } from './context.ts';
import { transfer } from './ledger.ts';
import type { Need, State } from './state.ts';

const BPS = 10_000;

/** What the fund that repays plants holds. */
const plantFundOf = ({ accounts }: State): Micro => balanceOf(accounts, PLANT_FUND);

/**
 * The first attempt at a need was judged wrong: what that cost its worker is remembered with who it was, since it may turn out to have
 * been a plant.
 */
export function noteFirstFailure(need: Need, worker: Did, attempt: number, burned: Micro): void {
  if (attempt === 1) need.misfit = { worker, burned, opened: false };
}

/** Whether a result of the need was judged, so that seats were needed that look. */
const wasJudged = ({ status, level, misfit }: Need): boolean => status === 'closed' || level > 1 || misfit !== null;

/** A need on whose work seats judged pays one seat fee more into the fund, of what is left of its fees. Source: `spec/06-money.md`, plants. */
export function levyPlants(context: Context, need: Need): void {
  if (!wasJudged(need)) return;
  const amount = Math.min(need.body.seatFee, need.feePool - Math.min(need.forfeited, need.feePool));
  need.feePool -= amount;
  transfer(context, { code: 'plant_levy', debit: escrowAccount(need.id), credit: PLANT_FUND, amount });
  if (context.state.bootstrap !== null) return;
  const { judged, repaid } = countOf(context.state, need);
  context.state.plants.set(need.body.class, { judged: judged + 1, repaid });
}

const countOf = ({ plants }: State, { body }: Need): { readonly judged: number; readonly repaid: number } =>
  plants.get(body.class) ?? { judged: 0, repaid: 0 };

/**
 * A need that was opened as a plant is settled: a part of what it cost goes back to its worker, once, while plants are few among what
 * is judged in its class, and never more than the fund holds. `unearned` is what of bonds no seat earned.
 */
export function repayPlant(context: Context, need: Need, unearned: Micro): void {
  const { state } = context;
  const { misfit } = need;
  if (misfit === null || !misfit.opened) return;
  const { worker } = misfit;
  const burned = misfit.burned + (need.level > 2 ? 0 : unearned);
  // Fees may have gone to seats of the planter's own: half of both is never more than what was burned.
  const cost = burned + Math.min(need.spent, burned);
  const { judged, repaid } = countOf(state, need);
  const isDue = state.bootstrap === null && (repaid + 1) * BPS <= judged * state.params.plantRateBps;
  const due = isDue ? mulDivFloor(cost, state.params.plantRepayBps, BPS) : 0;
  const paid = Math.min(due, plantFundOf(state));
  transfer(context, { code: 'plant_repaid', debit: PLANT_FUND, credit: freeAccount(worker), amount: paid });
  if (paid > 0) state.plants.set(need.body.class, { judged, repaid: repaid + 1 });
  context.emit({ type: 'plant_repaid', need: need.id, worker, cost, paid });
}
