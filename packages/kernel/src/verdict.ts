import type { CommitId, Did } from '@canswarm/protocol';
import {
  type AccountId,
  appealBondAccount,
  challengeBondAccount,
  freeAccount,
  reserveAccount,
  workBondAccount,
} from './accounts.ts';
import { mulDivFloor } from './amounts.ts';
import { countFinished } from './bootstrap.ts';
import { endCommittee } from './committee.ts';
import type { Context } from './context.ts';
import { loseReserve } from './delegations.ts';
import { invariant } from './invariant.ts';
import { appealTimer, instancesOf } from './jury.ts';
import { transfer, transferAll } from './ledger.ts';
import { closeNeed, failAttempt, needOf, resultSubject, settleNeed } from './need-life.ts';
import { payFromPrice, payPrice, paySeatFees } from './need-money.ts';
import { earnJudging, earnWork, JUDGING, loseAll, loseHalf, seatIdentity } from './reputation.ts';
import type { Challenge, Commit, Committee, Need, Seat, State, Verdict } from './state.ts';
import { withhold } from './trials.ts';

export function resultCommittee(context: Context, commit: Commit): Committee {
  const committee = context.state.committees.get(resultSubject(commit.id));
  invariant('INV-COMMITTEE', committee !== undefined, `${commit.id} lost its committee`);
  return committee;
}

/** Seats of the deciding ballot whose recorded vote is `verdict`. */
const voters = (committee: Committee, verdict: Verdict): readonly Seat[] =>
  committee.seats.filter((seat) => seat.ballot === committee.ballot && seat.vote?.verdict === verdict);

/**
 * Keeps a fee for every seat of a committee from its certificate to its pay: votes that agree may be recorded until the
 * answer deadline, and money for them must not go to another attempt.
 */
function keepFees(need: Need, seats: number): void {
  need.owed += seats * need.body.seatFee;
  invariant('INV-ESCROW', need.owed <= need.feePool, `${need.id} owes more fees than it holds`);
}

/** Ends what `keepFees` began; what is not paid is free again. */
function releaseFees(need: Need, seats: number): void {
  need.owed -= seats * need.body.seatFee;
  invariant('INV-ESCROW', need.owed >= 0, `${need.id} released fees it did not keep`);
}

/** K matching votes are recorded: the verdict takes effect. Source: `spec/04-verbs.md`, CERTIFY. */
export function certify(context: Context, commit: Commit, committee: Committee, verdict: Verdict): void {
  const { state } = context;
  const need = needOf(state, commit.need);
  committee.phase = 'certified';
  committee.verdict = verdict;
  commit.verdict = verdict;
  state.timers.cancel(`half:${committee.subject}`);
  const votes = voters(committee, verdict).length;
  context.emit({ type: 'certified', commit: commit.id, verdict, votes, ballot: committee.ballot });
  keepFees(need, committee.n);
  state.timers.open(`hold:${commit.id}`, holdMs(state, commit));
  if (verdict === 'pass') {
    need.phase = 'verified';
    state.timers.open(`window:${commit.id}`, challengeMs(state, commit));
  } else if (verdict === 'fail') {
    failAttempt(context, commit, { reason: 'failed', sharers: [] });
  } else {
    payUndecidable(context, commit);
  }
}

/** How long a result may be challenged. */
export const challengeMs = (state: State, commit: Commit): number =>
  Math.max(state.params.challengeMs, needOf(state, commit.need).body.windows.challengeMs);

/** How long its seats wait for their pay. */
export const holdMs = (state: State, commit: Commit): number =>
  Math.max(state.params.holdMs, 2 * challengeMs(state, commit));

/** Nobody could tell: the worker gets its share of the price and its bond, the need ends. A trial pays nothing: its worker had no bond to lose. */
function payUndecidable(context: Context, commit: Commit): void {
  const { state } = context;
  const need = needOf(state, commit.need);
  const worker = commit.bid.worker;
  const share = need.body.trial === null ? state.params.undecidablePayBps : 0;
  const paid = mulDivFloor(commit.bid.workerPrice, share, 10_000);
  payFromPrice(context, need, 'undecidable_pay', worker, paid);
  transferAll(context, { code: 'bond_returned', debit: workBondAccount(need.id, worker), credit: freeAccount(worker) });
  context.emit({ type: 'undecided', need: need.id, commit: commit.id, worker, paid });
  closeNeed(context, need, 'closed', 'undecidable');
}

/** Nothing that few judged, or in bootstrap, earns reputation. */
const earnsReputation = ({ state }: Context, { relaxed }: Committee): boolean => state.bootstrap === null && !relaxed;

/** The window passed with nothing open: the worker is paid, seats follow after the hold. */
export function finalize(context: Context, commit: Commit): void {
  const need = needOf(context.state, commit.need);
  const { worker, price } = commit.bid;
  commit.final = true;
  payPrice(context, need, commit.bid);
  const bond = workBondAccount(need.id, worker);
  transferAll(context, { code: 'bond_returned', debit: bond, credit: freeAccount(worker) });
  context.emit({ type: 'finalized', need: need.id, commit: commit.id, worker, price });
  withhold(context, need, commit.bid);
  if (earnsReputation(context, resultCommittee(context, commit))) earnWork(context, need, commit.bid);
  countFinished(context);
  closeNeed(context, need, 'closed', 'final', commit.outputs);
  settleSeats(context, commit);
}

/**
 * Pays and frees the seats of a verdict once the hold passed and nothing can overturn it. A passed result that nobody
 * finalized is final then: pay-outs need no verb.
 */
export function settleSeats(context: Context, commit: Commit): void {
  const { state } = context;
  if (commit.seatsPaid || !commit.holdPassed || commit.verdict === null) return;
  if ((state.challenges.get(commit.id)?.length ?? 0) > 0) return;
  if (commit.verdict === 'pass' && !commit.overturned && !commit.final) {
    finalize(context, commit);
    return;
  }
  const need = needOf(state, commit.need);
  const committee = resultCommittee(context, commit);
  const agreeing = commit.overturned ? [] : voters(committee, commit.verdict);
  const paid = agreeing.map((seat) => seat.did);
  releaseFees(need, committee.n);
  paySeatFees(context, need, paid, commit.level);
  // Nothing burns where a trial fails, so judging it earns nothing either way.
  if (commit.verdict !== 'undecidable' && need.body.trial === null && earnsReputation(context, committee))
    earnJudging(context, commit.bid, agreeing);
  commit.seatsPaid = true;
  context.emit({ type: 'seats_paid', subject: committee.subject, seats: agreeing.length, fee: need.body.seatFee });
  endCommittee(context, committee);
  forgetCommit(context, commit);
  settleNeed(context, need);
}

function forgetCommit(context: Context, commit: Commit): void {
  const { state } = context;
  const need = needOf(state, commit.need);
  state.commits.delete(commit.id);
  state.challenges.delete(commit.id);
  state.timers.cancel(`window:${commit.id}`);
  state.timers.cancel(`hold:${commit.id}`);
  need.commits.splice(need.commits.indexOf(commit.id), 1);
}

/**
 * A passed result is invalid. Where that is proved the reserves of passing seats burn; where a jury judged so they lose no more than
 * their fee and half of what judging earned them. Seats that failed it get their fee, the worker's bond funds the next attempt, pays the jurors by `payJury`, and rewards
 * the challenger and the seats that failed it before the seal was laid. Other challenges are moot.
 */
export function overturn(
  context: Context,
  commit: Commit,
  challenge: Challenge,
  payJury: ((bond: AccountId) => void) | null = null,
): void {
  const { state } = context;
  const need = needOf(state, commit.need);
  const committee = resultCommittee(context, commit);
  const passed = voters(committee, 'pass');
  const failing = voters(committee, 'fail');
  const failed = failing.map((seat) => seat.did);
  const early = failing.filter((seat) => (seat.vote?.position ?? Number.POSITIVE_INFINITY) < challenge.position);
  releaseFees(need, committee.n);
  commit.overturned = true;
  for (const seat of passed) {
    if (payJury === null) burnReserve(context, seat, 'passed an invalid result', null);
    else loseHalf(context, JUDGING, seatIdentity(seat), 'passed what a jury found wrong');
  }
  paySeatFees(context, need, failed, commit.level);
  context.emit({ type: 'seats_paid', subject: committee.subject, seats: failed.length, fee: need.body.seatFee });
  endCommittee(context, committee);
  returnBonds(context, commit.id);
  forgetCommit(context, commit);
  const sharers = [challenge.challenger, ...early.map((seat) => seat.did)];
  failAttempt(context, commit, { reason: 'overturned', sharers, payJury });
}

/** No committee could be found or agree: the worker is paid as undecidable, the seats that sat are freed. */
export function abandonJudgement(context: Context, commit: Commit): void {
  commit.verdict = 'undecidable';
  endCommittee(context, resultCommittee(context, commit));
  returnBonds(context, commit.id);
  forgetCommit(context, commit);
  payUndecidable(context, commit);
}

/**
 * Takes a seat's reserve and burns it, but for a part of the seat's own in it that goes to whoever proved the wrong: of what delegators bear it gets
 * nothing, since the seat could else rob them with an accomplice.
 */
function burnReserve(context: Context, seat: Seat, cause: string, rewarded: Did | null): void {
  const own = seat.shares.reduce((left, { amount }) => left - amount, seat.reserved);
  const amount = loseReserve(context, seat);
  const debit = reserveAccount(seat.did);
  const share = rewarded === null ? 0 : mulDivFloor(own, context.state.params.digestChallengerBps, 10_000);
  if (rewarded !== null)
    transfer(context, { code: 'slash_shared', debit, credit: freeAccount(rewarded), amount: share });
  transfer(context, { code: 'reserve_burned', debit, credit: 'burn', amount: amount - share });
  context.emit({ type: 'slashed', did: seat.did, amount, cause });
  loseAll(context, seatIdentity(seat), cause);
}

/** A seat proved dishonest about its vote: its reserve burns, of which the challenger gets a part but for a trial; the vote counts no more, its fee is lost. */
export function strikeSeat(context: Context, need: Need, seat: Seat, cause: string, challenger: Did): void {
  burnReserve(context, seat, cause, need.body.trial === null ? challenger : null);
  seat.vote = null;
  seat.status = 'void';
}

/** A result that did not pass is proved invalid: each recorded vote that passed it is struck. */
export function strikePassing(context: Context, commit: Commit, cause: string, challenger: Did): void {
  const need = needOf(context.state, commit.need);
  for (const seat of voters(resultCommittee(context, commit), 'pass'))
    strikeSeat(context, need, seat, cause, challenger);
}

/** Challenges that are moot end, with the juries that hear them; all bonds go back. */
function returnBonds(context: Context, subject: CommitId): void {
  const { state } = context;
  for (const challenge of state.challenges.get(subject) ?? []) {
    state.timers.cancel(`opening:${challenge.id}`);
    state.timers.cancel(appealTimer(challenge.id));
    for (const committee of instancesOf(state, challenge.id)) endCommittee(context, committee);
    for (const { id, appellant } of challenge.dispute?.appeals ?? [])
      transferAll(context, {
        code: 'appeal_bond_returned',
        debit: appealBondAccount(id),
        credit: freeAccount(appellant),
      });
    const debit = challengeBondAccount(challenge.id);
    transferAll(context, { code: 'challenge_bond_returned', debit, credit: freeAccount(challenge.challenger) });
  }
  state.challenges.delete(subject);
}
