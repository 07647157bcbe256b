import type { Did, NeedId } from '@canswarm/protocol';
import { type AccountId, balanceOf, escrowAccount, freeAccount, workBondAccount } from './accounts.ts';
import { mulDivFloor } from './amounts.ts';
import { endCommittee, openCommittee } from './committee.ts';
import type { Context } from './context.ts';
import type { LossReason } from './events.ts';
import { invariant } from './invariant.ts';
import { transfer, transferAll } from './ledger.ts';
import { attemptFees, fundFees, refundFees, refundPrice, workBond } from './need-money.ts';
import { freeBalance } from './pool.ts';
import { identityOf, loseHalf, workDomain } from './reputation.ts';
import type { Bid, Commit, Committee, Need, State, SubjectId } from './state.ts';

export const planSubject = (need: NeedId, round: number): SubjectId => `plan/${need}/${round}`;
export const resultSubject = (commit: string): SubjectId => `result/${commit}`;

export function needOf(state: State, id: NeedId): Need {
  const need = state.needs.get(id);
  invariant('INV-NEED', need !== undefined, `${id} is referred to but not there`);
  return need;
}

/** Opens bidding: the plan committee's first draw waits for its seed, the bid window follows it. */
export function openBidding(context: Context, need: Need): Committee {
  need.phase = 'bidding';
  const { scoring } = need.body;
  need.standings =
    scoring.reputationBps === 0 ? null : (context.state.reputation.get(workDomain(need.body)) ?? new Map());
  const subject = planSubject(need.id, need.round);
  return openCommittee(context, {
    subject,
    need: need.id,
    target: need.id,
    parties: [need.requester],
    level: 1,
    sealed: false,
  });
}

/** Bidding came to nothing: it reopens once, then the need ends with a refund. */
export function reopenOrExpire(context: Context, need: Need, reason: string): void {
  const committee = context.state.committees.get(planSubject(need.id, need.round));
  if (committee !== undefined) endCommittee(context, committee);
  if (need.round >= 2 || need.deadlinePassed) {
    closeNeed(context, need, 'expired', reason);
    return;
  }
  need.round += 1;
  context.emit({ type: 'bidding_reopened', need: need.id, round: need.round });
  openBidding(context, need);
}

/** Gives the task to the best runner-up that can lock its bond, or opens it to CLAIM. */
export function promote(context: Context, need: Need): void {
  const bond = workBond(context.state, need);
  for (let bid = need.runnersUp.shift(); bid !== undefined; bid = need.runnersUp.shift()) {
    if (need.failed.has(bid.worker) || freeBalance(context.state, bid.worker) < bond) continue;
    grantLease(context, need, bid, leaseMs(context.state, need));
    return;
  }
  need.phase = 'ready';
  need.lease = null;
  context.emit({ type: 'task_ready', need: need.id, attempt: need.attempt });
}

/** How long a lease of this need lasts at most. */
export const leaseMs = (state: State, need: Need): number => Math.max(state.params.leaseMs, need.body.windows.leaseMs);

/** Locks the worker's bond and grants a lease whose fence is this entry; the period starts at the next TICK. */
export function grantLease(context: Context, need: Need, bid: Bid, durationMs: number): void {
  const { state, position } = context;
  need.attempt += 1;
  need.phase = 'leased';
  need.lease = {
    bid,
    attempt: need.attempt,
    fence: { incarnation: state.incarnation, position },
    durationMs,
    expiresAt: null,
    renewals: 0,
    progress: null,
    touched: position,
  };
  transfer(context, {
    code: 'work_bond',
    debit: freeAccount(bid.worker),
    credit: workBondAccount(need.id, bid.worker),
    amount: workBond(state, need),
  });
  state.timers.open(`lease:${need.id}`, durationMs);
  context.emit({ type: 'lease_granted', need: need.id, attempt: need.attempt, holder: bid.worker, price: bid.price });
}

/** Takes the lease from its holder; `returned` of the bond goes back, the rest is burned; the next one gets the task. */
export function loseLease(context: Context, need: Need, reason: LossReason, returned: number): void {
  const { lease } = need;
  invariant('INV-LEASE', lease !== null, `${need.id} has no lease to lose`);
  const holder = lease.bid.worker;
  dropLease(context, need);
  need.failed.add(holder);
  context.emit({ type: 'lease_lost', need: need.id, attempt: lease.attempt, holder, reason });
  if (reason !== 'yielded') loseHalf(context, workDomain(need.body), identityOf(context.state, holder), reason);
  const bond = workBondAccount(need.id, holder);
  transfer(context, { code: 'bond_returned', debit: bond, credit: freeAccount(holder), amount: returned });
  transferAll(context, { code: 'bond_burned', debit: bond, credit: 'burn' });
  if (isOverdue(context.state, need)) closeNeed(context, need, 'expired', 'deadline passed');
  else promote(context, need);
}

/**
 * Whether log time has reached the deadline: where it jumps, a lease may end before the deadline's own timer fires. Whoever got the
 * task then would lose its bond without a chance to commit.
 */
const isOverdue = (state: State, need: Need): boolean =>
  need.deadlinePassed || (need.deadlineAt !== null && state.time >= need.deadlineAt);

/** The lease ends without judgement of its holder. */
export function dropLease(context: Context, need: Need): void {
  need.lease = null;
  context.state.timers.cancel(`lease:${need.id}`);
}

/** Why an attempt failed, and who has a part in its bond. */
export interface Failure {
  readonly reason: LossReason;
  readonly sharers: readonly Did[];
  /** Pays the jury that judged so out of what is left of the bond. */
  readonly payJury?: ((bond: AccountId) => void) | null;
}

/**
 * An attempt ended by a failing judgement. The bond first funds the next attempt's seat fees, then a jury; of the rest `sharers`
 * get at most `challengerShareBps` together, the remainder is burned. Then the next runner-up, or the end.
 */
export function failAttempt(context: Context, commit: Commit, { reason, sharers, payJury }: Failure): void {
  const { state } = context;
  const need = needOf(state, commit.need);
  const bond = workBondAccount(need.id, commit.bid.worker);
  // A dispute may end in the TICK that passes the deadline: no lease begins then.
  const last = commit.level >= state.params.maxAttempts || isOverdue(state, need);
  need.failed.add(commit.bid.worker);
  context.emit({ type: 'lease_lost', need: need.id, attempt: commit.attempt, holder: commit.bid.worker, reason });
  loseHalf(context, workDomain(need.body), identityOf(state, commit.bid.worker), reason);
  if (!last) {
    need.level = commit.level + 1;
    fundFees(context, need, bond, Math.min(attemptFees(state, need, need.level), balanceOf(state.accounts, bond)));
  }
  payJury?.(bond);
  const shared = mulDivFloor(balanceOf(state.accounts, bond), state.params.challengerShareBps, 10_000);
  const each = Math.floor(shared / Math.max(1, sharers.length));
  for (const did of sharers)
    transfer(context, { code: 'bond_shared', debit: bond, credit: freeAccount(did), amount: each });
  transferAll(context, { code: 'bond_burned', debit: bond, credit: 'burn' });
  if (last) closeNeed(context, need, 'expired', isOverdue(state, need) ? 'deadline passed' : 'no attempt left');
  else promote(context, need);
}

/** Ends a need: nothing of it is open but the pay of seats in hold, for which the fees stay; the price goes back. */
export function closeNeed(
  context: Context,
  need: Need,
  status: 'closed' | 'expired' | 'cancelled',
  reason: string,
): void {
  const { state } = context;
  need.status = status;
  need.phase = 'final';
  need.standings = null;
  need.runnersUp = [];
  for (let round = 1; round <= need.round; round += 1) {
    const committee = state.committees.get(planSubject(need.id, round));
    if (committee !== undefined) endCommittee(context, committee);
  }
  state.timers.cancel(`deadline:${need.id}`);
  const refund = refundPrice(context, need);
  context.emit({ type: 'need_closed', need: need.id, status, refund, reason });
  settleNeed(context, need);
}

/** Forgets a need once it ended and its last seat is paid; the fees that are left go back. */
export function settleNeed(context: Context, need: Need): void {
  if (need.phase !== 'final' || need.commits.length > 0) return;
  const left = balanceOf(context.state.accounts, escrowAccount(need.id));
  invariant(
    'INV-ESCROW',
    left === need.feePool + need.logPool && need.owed === 0,
    `${need.id} settles with ${left} in escrow`,
  );
  const refund = refundFees(context, need);
  context.state.needs.delete(need.id);
  context.emit({ type: 'need_settled', need: need.id, refund });
}
