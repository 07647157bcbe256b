import type { Did, Micro, NeedBody, Params } from '@canswarm/protocol';
import { type AccountId, escrowAccount, freeAccount, TRIAL_FUND } from './accounts.ts';
import { mulDivCeil } from './amounts.ts';
import type { Context } from './context.ts';
import { largestCommittee } from './draw.ts';
import { invariant } from './invariant.ts';
import { type TransferCode, transfer } from './ledger.ts';
import { logFund } from './log-fees.ts';
import { burnOf } from './reputation.ts';
import type { Bid, Need, State } from './state.ts';

/** Seats that a need pays for at most: a plan committee in each of two rounds, and the first result committee of each task. */
export const seatsEscrowed = (state: State, plan: Pick<NonNullable<NeedBody['plan']>, 'tasks'> | null = null): number =>
  (2 + (plan?.tasks ?? 1)) * largestCommittee(state.params.kTarget, 1);

/** Tasks whose first committees the fees pay for, once the plan committees of this round and those that may follow are paid. */
export function affordableTasks(state: State, need: Need): number {
  const committee = Math.max(1, attemptFees(state, need, 1));
  return Math.floor((need.feePool - need.owed) / committee) - (3 - need.round);
}

/** What a NEED takes into escrow, by what it is for. */
export interface NeedEscrow {
  readonly price: Micro;
  readonly seats: Micro;
  /** For the log space of its duties. */
  readonly logs: Micro;
  readonly total: Micro;
}

/** What a NEED takes into escrow of its sender, for whose sponsored trial a fund pays the price; its own place in the log costs its sender besides. */
export function needEscrow(
  state: State,
  {
    priceCap,
    seatFee,
    trial = null,
    plan = null,
  }: Pick<NeedBody, 'priceCap' | 'seatFee'> & Partial<Pick<NeedBody, 'trial' | 'plan'>>,
): NeedEscrow {
  const price = trial === 'sponsored' ? 0 : priceCap;
  const [seats, logs] = [seatFee * seatsEscrowed(state, plan), logFund(state.params) * (plan?.tasks ?? 1)];
  return { price, seats, logs, total: price + seats + logs };
}

/** Seat fees of one judged attempt at most. */
export const attemptFees = (state: State, need: { readonly body: Pick<NeedBody, 'seatFee'> }, level: number): Micro =>
  need.body.seatFee * largestCommittee(state.params.kTarget, level);

/** What of a need its bonds are measured by. */
export interface BondTerms {
  readonly body: Pick<NeedBody, 'priceCap' | 'seatFee' | 'trial'>;
  readonly level: number;
}

/**
 * The bond a worker locks for an attempt, none for a trial: the seat fees of the attempt that would follow a failure, and the floor of
 * the class, a share of the price cap, at least what a jury costs: one that finds against the worker is paid by it.
 * Source: `spec/06-money.md`, bonds.
 */
export function workBond(state: State, need: BondTerms): Micro {
  if (need.body.trial !== null) return 0;
  // A first jury has as many seats at most as the next attempt's committee.
  const next = attemptFees(state, need, need.level + 1);
  const floor = Math.max(next, mulDivCeil(need.body.priceCap, state.params.classFloorBps, 10_000));
  return Math.max(next + floor, mulDivCeil(need.body.priceCap, state.params.bondBps, 10_000));
}

/** The most that a need of a class may pay a seat. Spec: `spec/04-verbs.md`, NEED. */
export const seatFeeMax = (params: Params, need: Pick<NeedBody, 'class'>): Micro =>
  (Object.hasOwn(params.seatFeeMax, need.class) ? params.seatFeeMax[need.class] : undefined) ?? params.seatFeeMaxElse;

/** Pays out of the money for the price. */
export function payFromPrice(context: Context, need: Need, code: TransferCode, to: Did, amount: Micro): void {
  need.pricePool -= amount;
  invariant('INV-ESCROW', need.pricePool >= 0, `${need.id} pays ${amount} beyond its price`);
  transfer(context, { code, debit: escrowAccount(need.id), credit: freeAccount(to), amount });
}

/**
 * Pays one seat fee to each of `seats`, out of the money for fees that no other seat is owed. Seats that judge an attempt
 * above level 1 are paid by the bond of the attempt before.
 */
export function paySeatFees(context: Context, need: Need, seats: readonly Did[], level: number): void {
  const fee = need.body.seatFee;
  for (const did of seats) {
    need.feePool -= fee;
    if (level > 1) need.forfeited = Math.max(0, need.forfeited - fee);
    else need.spent += fee;
    transfer(context, { code: 'seat_fee', debit: escrowAccount(need.id), credit: freeAccount(did), amount: fee });
  }
  invariant('INV-ESCROW', need.feePool >= need.owed, `${need.id} pays fees it does not hold`);
}

/** Burns the fees of seats of a plan committee that nobody earned: what it costs does not depend on whose votes were shown. */
export function burnSeatFees(context: Context, need: Need, seats: number): void {
  const amount = need.body.seatFee * seats;
  need.feePool -= amount;
  invariant('INV-ESCROW', need.feePool >= need.owed, `${need.id} burns fees it does not hold`);
  transfer(context, { code: 'seat_fee_burned', debit: escrowAccount(need.id), credit: 'burn', amount });
}

/** Moves part of a forfeited bond into the money for fees. */
export function fundFees(context: Context, need: Need, debit: AccountId, amount: Micro): void {
  need.feePool += amount;
  need.forfeited += amount;
  transfer(context, { code: 'bond_funds_attempt', debit, credit: escrowAccount(need.id), amount });
}

/** Sets aside what a task of a plan is paid from: its price, the fees of its first committee, and the log space of its duties. */
export function fundTask(context: Context, root: Need, task: Need): void {
  root.pricePool -= task.pricePool;
  root.feePool -= task.feePool;
  root.logPool -= task.logPool;
  invariant('INV-ESCROW', root.pricePool >= 0 && root.feePool >= root.owed, `${root.id} sets aside what it has not`);
  const amount = task.pricePool + task.feePool + task.logPool;
  transfer(context, { code: 'escrow_task', debit: escrowAccount(root.id), credit: escrowAccount(task.id), amount });
}

/** The need whose plan a task is of, while it can use what the task leaves; else it goes to the requester. */
function heirOf(state: State, { parent }: Need): Need | null {
  const root = parent === null ? undefined : state.needs.get(parent.need);
  return root === undefined || root.phase === 'final' ? null : root;
}

/** Gives back what is left of the price, to the requester, the need that it came from, or the fund of trials; returns what the fund does not get. */
export function refundPrice(context: Context, need: Need): Micro {
  const amount = need.pricePool;
  need.pricePool = 0;
  if (need.body.trial === 'sponsored') {
    transfer(context, { code: 'trial_returned', debit: escrowAccount(need.id), credit: TRIAL_FUND, amount });
    return 0;
  }
  const heir = heirOf(context.state, need);
  if (heir !== null) heir.pricePool += amount;
  giveBack(context, need, heir, amount);
  return amount;
}

/**
 * Gives back what is left of the fees that the requester paid, of seats once none is owed any and of the log; returns the amount. What
 * bonds added and no seat earned is burned: nobody gains by an attempt that fails.
 */
export function refundFees(context: Context, need: Need): Micro {
  const burned = Math.min(need.forfeited, need.feePool);
  const [fees, logs] = [need.feePool - burned, need.logPool];
  need.feePool = 0;
  need.logPool = 0;
  need.forfeited = 0;
  transfer(context, { code: 'bond_burned', debit: escrowAccount(need.id), credit: 'burn', amount: burned });
  const heir = heirOf(context.state, need);
  if (heir !== null) {
    heir.feePool += fees;
    heir.logPool += logs;
  }
  giveBack(context, need, heir, fees + logs);
  return fees + logs;
}

/** Gives the requester back what was set aside above the cap that it sealed: from then on that is the need's price. */
export function returnAbove(context: Context, need: Need, cap: Micro): void {
  const amount = need.pricePool - cap;
  need.pricePool = cap;
  need.capSealed = false;
  giveBack(context, need, null, amount);
  context.emit({ type: 'cap_opened', need: need.id, cap, refund: amount });
}

function giveBack(context: Context, need: Need, heir: Need | null, amount: Micro): void {
  const debit = escrowAccount(need.id);
  if (heir === null) transfer(context, { code: 'refund', debit, credit: freeAccount(need.requester), amount });
  else transfer(context, { code: 'task_returned', debit, credit: escrowAccount(heir.id), amount });
}

/** Pays the worker its price and the planner its share; of both a part is burned, which is what reputation costs. */
export function payPrice(context: Context, need: Need, bid: Bid): void {
  const burned = burnOf(context.state.params, bid);
  const burn = (did: Did, amount: Micro): void =>
    transfer(context, { code: 'reputation_burned', debit: freeAccount(did), credit: 'burn', amount });
  payFromPrice(context, need, 'price', bid.worker, bid.workerPrice);
  burn(bid.worker, burned.worker);
  if (bid.planner === null) return;
  payFromPrice(context, need, 'planner_share', bid.planner, bid.price - bid.workerPrice);
  burn(bid.planner, burned.planner);
}
