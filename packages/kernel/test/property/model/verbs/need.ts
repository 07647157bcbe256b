import { openAlarm } from '../alarms.ts';
import { largest } from '../committees.ts';
import { fundOf } from '../fees.ts';
import { balance, move } from '../ledger.ts';
import { openBidding } from '../needs.ts';
import type { Part } from '../part.ts';
import { identityOf } from '../reputation.ts';
import type { NeedRow } from '../tables.ts';

const YEAR_MS = 366 * 24 * 3600 * 1000;

export const need: Part<'NEED'> = {
  verb: 'NEED',
  *faults(model, { from, body }) {
    const { bidMs, answerMs, challengeMs, leaseMs } = body.windows;
    const { params } = model;
    if (bidMs < params.bidMs || answerMs < params.answerMs) yield 'window_too_short';
    if (challengeMs < params.challengeMs || leaseMs < params.leaseMs) yield 'window_too_short';
    if (Math.max(bidMs, answerMs, challengeMs, leaseMs, body.deadlineMs) > YEAR_MS) yield 'period_too_long';
    if (body.deadlineMs < bidMs + answerMs + leaseMs) yield 'deadline_too_short';
    const { seatFeeMax, seatFeeMaxElse } = params;
    if (body.seatFee > (seatFeeMax[body.class] ?? seatFeeMaxElse)) yield 'seat_fee_over_cap';
    const tasks = body.plan?.tasks ?? 1;
    const fees = BigInt(body.seatFee) * BigInt((2 + tasks) * largest(model, 1));
    const own = body.trial === 'sponsored' ? 0 : body.priceCap;
    const due = BigInt(own) + fees + BigInt(tasks * fundOf(model));
    if (due > BigInt(balance(model, `free/${from}`))) yield 'funds_lacking';
    if (
      model.bootstrap !== null &&
      due - BigInt(own) + BigInt(body.priceCap) - BigInt(fundOf(model)) > BigInt(params.bootstrapValueMax)
    )
      yield 'value_over_cap';
    if (body.trial === null) return;
    if (body.priceCap > params.trialPriceMax) yield 'trial_over_cap';
    if (body.trial === 'funded') return;
    if (body.priceCap > 4 * body.seatFee) yield 'trial_over_cap';
    if (model.bootstrap !== null || balance(model, 'fund/trials') < body.priceCap) yield 'fund_lacking';
    const open = model.needs.filter((need) => !need.settled && need.body.trial === 'sponsored');
    const alike = open.filter((need) => identityOf(model, need.requester) === identityOf(model, from));
    if (alike.length >= params.trialsPerIdentity) yield 'too_many_open';
  },
  follow(model, { id, from, body }) {
    const fees = body.seatFee * (2 + (body.plan?.tasks ?? 1)) * largest(model, 1);
    const row: NeedRow = {
      id,
      parent: null,
      requester: from,
      body,
      position: model.position,
      status: 'open',
      phase: 'bidding',
      round: 1,
      deadlineAt: null,
      deadlinePassed: false,
      price: body.priceCap,
      capSealed: body.capSeal !== null,
      fees,
      forfeited: 0,
      owed: 0,
      logs: fundOf(model) * (body.plan?.tasks ?? 1),
      attempt: 0,
      level: 1,
      lease: null,
      inputs: body.inputs,
      version: 0,
      plan: null,
      queue: [],
      failed: new Set(),
      planSeats: [],
      planK: 0,
      standings: new Map(),
      spent: 0,
      misfit: null,
      adopted: [],
      orphaned: [],
      alternates: [],
      settled: false,
    };
    model.needs.push(row);
    const payer = body.trial === 'sponsored' ? 'fund/trials' : `free/${from}`;
    move(model, payer, `escrow/${id}`, body.priceCap);
    move(model, `free/${from}`, `escrow/${id}`, fees + row.logs);
    openAlarm(model, `deadline:${id}`, body.deadlineMs);
    openBidding(model, row);
  },
};
