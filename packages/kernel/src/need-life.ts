import type { ArtifactRef, Did, NeedId } from '@canswarm/protocol';
import { type AccountId, balanceOf, escrowAccount, freeAccount, planBondAccount, workBondAccount } from './accounts.ts';
import { mulDivFloor } from './amounts.ts';
import { endCommittee, openCommittee } from './committee.ts';
import type { Context } from './context.ts';
import type { LossReason } from './events.ts';
import { invariant } from './invariant.ts';
import { transfer, transferAll } from './ledger.ts';
import { attemptFees, fundFees, refundFees, refundPrice, workBond } from './need-money.ts';
import { isAbandoned } from './plan/tasks.ts';
import { levyPlants, noteFirstFailure, repayPlant } from './plants.ts';
import { identityOf, loseHalf, workDomain } from './reputation.ts';
import type { Bid, Commit, Committee, Need, Plan, PlanTask, State, SubjectId } from './state.ts';
import { canTake, enterTask, failTrial } from './trials.ts';

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
  endPlanBond(context, need, 'bond_returned');
  need.round += 1;
  context.emit({ type: 'bidding_reopened', need: need.id, round: need.round });
  openBidding(context, need);
}

/** Gives the task to the best runner-up that can lock its bond, or opens it to CLAIM. */
export function promote(context: Context, need: Need): void {
  for (let bid = need.runnersUp.shift(); bid !== undefined; bid = need.runnersUp.shift()) {
    if (need.failed.has(bid.worker) || !canTake(context.state, need, bid.worker)) continue;
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
  enterTask(context, need, bid.worker);
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
  if (reason !== 'yielded') {
    loseHalf(context, workDomain(need.body), identityOf(context.state, holder), reason);
    failTrial(context, need, holder);
  }
  const bond = workBondAccount(need.id, holder);
  transfer(context, { code: 'bond_returned', debit: bond, credit: freeAccount(holder), amount: returned });
  transferAll(context, { code: 'bond_burned', debit: bond, credit: 'burn' });
  if (isOverdue(context.state, need)) closeNeed(context, need, 'expired', 'deadline passed');
  else if (isAbandoned(context.state, need)) closeNeed(context, need, 'expired', 'the plan failed');
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
  // A trial's worker has no bond that could pay for another attempt.
  const isLast = commit.level >= state.params.maxAttempts || need.body.trial !== null;
  const last = isLast || isOverdue(state, need) || isAbandoned(state, need);
  need.failed.add(commit.bid.worker);
  context.emit({ type: 'lease_lost', need: need.id, attempt: commit.attempt, holder: commit.bid.worker, reason });
  loseHalf(context, workDomain(need.body), identityOf(state, commit.bid.worker), reason);
  failTrial(context, need, commit.bid.worker);
  if (!last) {
    need.level = commit.level + 1;
    fundFees(context, need, bond, Math.min(attemptFees(state, need, need.level), balanceOf(state.accounts, bond)));
  }
  payJury?.(bond);
  const shared = mulDivFloor(balanceOf(state.accounts, bond), state.params.challengerShareBps, 10_000);
  const each = Math.floor(shared / Math.max(1, sharers.length));
  for (const did of sharers)
    transfer(context, { code: 'bond_shared', debit: bond, credit: freeAccount(did), amount: each });
  noteFirstFailure(need, commit.bid.worker, commit.attempt, balanceOf(state.accounts, bond));
  transferAll(context, { code: 'bond_burned', debit: bond, credit: 'burn' });
  if (last) closeNeed(context, need, 'expired', isOverdue(state, need) ? 'deadline passed' : 'no attempt left');
  else promote(context, need);
}

/**
 * Ends a need: nothing of it is open but the pay of seats in hold, for which the fees stay; the price goes back. Tasks of its plan that
 * nobody works on end with it. `outputs` is what a task that is done hands on.
 */
export function closeNeed(
  context: Context,
  need: Need,
  status: 'closed' | 'expired' | 'cancelled',
  reason: string,
  outputs: readonly ArtifactRef[] | null = null,
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
  endPlanBond(context, need, 'bond_returned');
  const refund = refundPrice(context, need);
  context.emit({ type: 'need_closed', need: need.id, status, refund, reason });
  endTask(context, need, outputs);
  for (const child of idleChildren(state, need)) closeNeed(context, child, status, reason);
  settleNeed(context, need);
}

/** Forgets a need once it ended, its last seat is paid and no vote on its plan is challenged; the fees that are left go back. */
export function settleNeed(context: Context, need: Need): void {
  const { state } = context;
  // Its last task may have settled it already.
  if (!state.needs.has(need.id) || need.phase !== 'final' || need.commits.length + need.children.length > 0) return;
  if (state.challenges.has(need.id)) return;
  const left = balanceOf(state.accounts, escrowAccount(need.id));
  invariant(
    'INV-ESCROW',
    left === need.feePool + need.logPool && need.owed === 0,
    `${need.id} settles with ${left} in escrow`,
  );
  levyPlants(context, need);
  const unearned = Math.min(need.forfeited, need.feePool);
  const refund = refundFees(context, need);
  repayPlant(context, need, unearned);
  state.needs.delete(need.id);
  context.emit({ type: 'need_settled', need: need.id, refund });
  if (need.parent === null) return;
  const root = needOf(state, need.parent.need);
  root.children.splice(root.children.indexOf(need.id), 1);
  settleNeed(context, root);
}

/** Tasks of a need's plan that nobody works on, in the order of the plan. */
const idleChildren = (state: State, { children }: Need): readonly Need[] =>
  children.map((id) => needOf(state, id)).filter(({ phase }) => phase === 'waiting' || phase === 'ready');

/** A task of a plan ended: the next begin, or the plan fails. After the end of the whole nothing follows. */
function endTask(context: Context, need: Need, outputs: readonly ArtifactRef[] | null): void {
  const root = need.parent === null ? null : needOf(context.state, need.parent.need);
  const plan = root?.plan ?? null;
  const task = plan?.tasks.find((other) => other.need === need.id);
  if (root === null || plan === null || task === undefined) return;
  task.status = outputs === null ? 'failed' : 'done';
  task.outputs = outputs ?? [];
  const type = outputs === null ? 'task_failed' : 'task_done';
  context.emit({ type, need: need.id, root: root.id, task: task.task });
  if (root.phase === 'final') return;
  if (outputs === null) breakPlan(context, root, plan);
  else if (!plan.broken) startTasks(context, root, plan);
  const isOver = plan.tasks.every(({ need: id, status }) => id === root.id || status === 'done' || status === 'failed');
  if (plan.broken && isOver && root.phase === 'waiting') reopenOrExpire(context, root, 'a task of the plan failed');
}

/** What nobody works on ends; what somebody holds or committed goes to its end. */
function breakPlan(context: Context, root: Need, plan: Plan): void {
  if (plan.broken) return;
  plan.broken = true;
  for (const child of idleChildren(context.state, root)) closeNeed(context, child, 'expired', 'the plan failed');
}

/** Whether less than a lease period is left: who got a task then, or divided the work, would lose its bond by the delay of others. */
const isLate = (state: State, need: Need): boolean =>
  isOverdue(state, need) || (need.deadlineAt !== null && need.deadlineAt - state.time < leaseMs(state, need));

/** Begins the tasks whose predecessors are all done, while a lease fits before the deadline. */
export function startTasks(context: Context, root: Need, plan: Plan): void {
  if (isLate(context.state, root)) return;
  const done = new Map(plan.tasks.filter(({ status }) => status === 'done').map((task) => [task.task, task]));
  for (const task of plan.tasks) {
    const before = task.after.map((name) => done.get(name)).filter((one) => one !== undefined);
    if (task.status === 'waiting' && before.length === task.after.length) startTask(context, root, task, before);
  }
}

function startTask(context: Context, root: Need, task: PlanTask, before: readonly PlanTask[]): void {
  const need = needOf(context.state, task.need);
  task.status = 'open';
  need.inputs = [...root.body.inputs, ...before.flatMap(({ outputs }) => outputs)];
  context.emit({ type: 'task_started', need: need.id, root: root.id, task: task.task });
  promote(context, need);
}

/** The planner's bond goes back, or is burned. */
export function endPlanBond(context: Context, { id, plan }: Need, code: 'bond_returned' | 'bond_burned'): void {
  if (plan === null || plan.planner === null) return;
  const credit = code === 'bond_burned' ? 'burn' : freeAccount(plan.planner);
  transferAll(context, { code, debit: planBondAccount(id), credit });
}
