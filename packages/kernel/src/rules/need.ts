import type { Did, NeedBody, NeedId, Params } from '@canswarm/protocol';
import { escrowAccount, freeAccount, TRIAL_FUND } from '../accounts.ts';
import { type Context, type Rejection, reject } from '../context.ts';
import { UNHEALED } from '../heals.ts';
import { transfer } from '../ledger.ts';
import { openBidding } from '../need-life.ts';
import { needEscrow, seatFeeMax } from '../need-money.ts';
import { askedInEffect } from '../policy/divergence.ts';
import { freeBalance } from '../pool.ts';
import type { Need, State } from '../state.ts';
import { PERIOD_MS_MAX } from '../timers.ts';
import { sponsoredOf, trialFundOf } from '../trials.ts';
import type { Rule } from './rule.ts';

/** Seats that a sponsored trial pays at least, other than those that one who has a third of all may hold: of K = 3 for its plan, and as many for its result. */
const OTHERS_PAID_LEAST = 4;

/** NEED: price cap, seat fees and log fees to escrow, bidding opens. Spec: `spec/04-verbs.md`, NEED. */
export const judgeNeed: Rule<'NEED'> = (context, { entry, payload }) => {
  const { state } = context;
  const { body, from } = payload;
  // 1 to 3
  const unfit = judgePeriods(state.params, body);
  if (unfit !== null) return unfit;
  // 4 seat_fee_over_cap: the most that a need of its class pays a seat
  const most = seatFeeMax(state.params, body);
  if (body.seatFee > most) return reject('seat_fee_over_cap', { seatFee: body.seatFee, class: body.class, most });
  // 5 funds_lacking: price cap, all seat fees and the log fees are free
  const { seats: fees, logs: logFees, total } = needEscrow(state, body);
  const free = freeBalance(state, from);
  if (!Number.isSafeInteger(fees) || !Number.isSafeInteger(total) || free < total) {
    return reject('funds_lacking', { free, priceCap: body.priceCap, seatFees: fees, logFees });
  }
  // 6 value_over_cap: in bootstrap few judge, so little is at stake
  if (state.bootstrap !== null && fees + body.priceCap > state.params.bootstrapValueMax) {
    return reject('value_over_cap', { priceCap: body.priceCap, seatFees: fees, most: state.params.bootstrapValueMax });
  }
  // 7 to 9
  const misfit = judgeTrial(state, body, from);
  if (misfit !== null) return misfit;
  return () => {
    const id = entry.envelope.id as string as NeedId;
    const need: Need = {
      id,
      parent: null,
      requester: from,
      body,
      ...UNHEALED,
      ...askedInEffect(context),
      position: context.position,
      status: 'open',
      round: 1,
      deadlineAt: null,
      deadlinePassed: false,
      capSealed: body.capSeal !== null,
      pricePool: body.priceCap,
      feePool: fees,
      forfeited: 0,
      owed: 0,
      logPool: logFees,
      phase: 'bidding',
      attempt: 0,
      level: 1,
      lease: null,
      inputs: body.inputs,
      planVersion: 0,
      plan: null,
      children: [],
      runnersUp: [],
      failed: new Set(),
      planSeats: [],
      planK: 0,
      standings: null,
      planSat: [],
      spent: 0,
      misfit: null,
      commits: [],
    };
    state.needs.set(id, need);
    const debit = freeAccount(from);
    payPriceCap(context, need);
    transfer(context, { code: 'escrow_fees', debit, credit: escrowAccount(id), amount: fees });
    transfer(context, { code: 'escrow_logs', debit, credit: escrowAccount(id), amount: logFees });
    context.emit({ type: 'need_opened', need: id, requester: from, priceCap: body.priceCap });
    state.timers.open(`deadline:${id}`, body.deadlineMs);
    openBidding(context, need);
  };
};

/** A trial is small; what the fund pays costs its requester no less in the seat fees of others, whoever does the work. */
function judgeTrial(state: State, { trial, priceCap, seatFee }: NeedBody, from: Did): Rejection | null {
  if (trial === null) return null;
  const { trialPriceMax, trialsPerIdentity } = state.params;
  const most = trial === 'sponsored' ? Math.min(trialPriceMax, OTHERS_PAID_LEAST * seatFee) : trialPriceMax;
  // 7 trial_over_cap
  if (priceCap > most) return reject('trial_over_cap', { priceCap, most });
  if (trial !== 'sponsored') return null;
  // 8 fund_lacking: the fund pays, outside of bootstrap, where too few seats would be paid
  const fund = trialFundOf(state);
  if (state.bootstrap !== null || fund < priceCap)
    return reject('fund_lacking', { fund, priceCap, bootstrap: state.bootstrap !== null });
  // 9 too_many_open
  const open = sponsoredOf(state, from);
  return open >= trialsPerIdentity ? reject('too_many_open', { open, most: trialsPerIdentity }) : null;
}

/** The price goes to escrow: the requester's, or the fund's. */
function payPriceCap(context: Context, { id, requester, body }: Need): void {
  const from =
    body.trial === 'sponsored'
      ? ({ code: 'trial_sponsored', debit: TRIAL_FUND } as const)
      : ({ code: 'escrow_price', debit: freeAccount(requester) } as const);
  transfer(context, { ...from, credit: escrowAccount(id), amount: body.priceCap });
}

/** Preconditions 1 to 3: how long everything takes. */
function judgePeriods(params: Params, { windows, deadlineMs }: NeedBody): Rejection | null {
  // 1 window_too_short: a need may lengthen periods, never shorten them
  for (const [name, least] of [
    ['bidMs', params.bidMs],
    ['answerMs', params.answerMs],
    ['challengeMs', params.challengeMs],
    ['leaseMs', params.leaseMs],
  ] as const) {
    if (windows[name] < least) return reject('window_too_short', { window: name, asked: windows[name], least });
  }
  // 2 period_too_long: everything has a limit
  for (const [name, asked] of [...Object.entries(windows), ['deadlineMs', deadlineMs] as const]) {
    if (asked > PERIOD_MS_MAX) return reject('period_too_long', { window: name, asked, most: PERIOD_MS_MAX });
  }
  // 3 deadline_too_short: bidding, answering and one lease must fit
  const least = windows.bidMs + windows.answerMs + windows.leaseMs;
  if (deadlineMs < least) return reject('deadline_too_short', { asked: deadlineMs, least });
  return null;
}
