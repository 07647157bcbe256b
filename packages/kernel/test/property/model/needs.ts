import type { ArtifactRef } from '@canswarm/protocol';
import { dropAlarm, openAlarm } from './alarms.ts';
import { committeeOf, endCommittee, largest, needRow, openCommittee, planName } from './committees.ts';
import { balance, ceilOf, floorOf, move, moveAll } from './ledger.ts';
import { levy, repay } from './plants.ts';
import { burned, change, classOf, identityOf, points } from './reputation.ts';
import type { BidRow, CommitRow, Model, NeedRow } from './tables.ts';
import { failTrial, mayTry, takeTask, within } from './trials.ts';

/** A need that the law still knows. */
export const openNeed = (model: Model, id: string): NeedRow | undefined =>
  model.needs.find((need) => need.id === id && !need.settled);

/** What a worker locks: the seat fees after a failure and the floor of the class, or of a jury, or the least bond if that is more. */
export function bondOf(model: Model, need: NeedRow): number {
  if (need.body.trial !== null) return 0;
  const { seatFee, priceCap } = need.body;
  const fees = seatFee * largest(model, need.level + 1);
  return Math.max(
    fees + Math.max(fees, ceilOf(priceCap, model.params.classFloorBps, 10_000)),
    ceilOf(priceCap, model.params.bondBps, 10_000),
  );
}

const bondAccount = (need: NeedRow, worker: string): string => `bond/work/${need.id}/${worker}`;

export function openBidding(model: Model, need: NeedRow): void {
  need.phase = 'bidding';
  const domain = classOf(need);
  const known = model.deeds.map(({ identity }) => identity);
  need.standings = new Map(known.map((identity) => [identity, points(model, domain, identity)]));
  openCommittee(model, { need: need.id, commit: null, round: need.round, level: 1 }, [need.requester]);
}

export function reopenOrExpire(model: Model, need: NeedRow): void {
  const committee = committeeOf(model, planName(need.id, need.round));
  if (committee !== undefined) endCommittee(model, committee);
  if (need.round === 2 || need.deadlinePassed) return closeNeed(model, need, 'expired');
  endPlanBond(model, need);
  need.round = 2;
  openBidding(model, need);
}

/** The next of the queue that has not failed and can lock its bond gets the task; nobody left: it is open to claims. */
export function promote(model: Model, need: NeedRow): void {
  const bond = bondOf(model, need);
  const fit = ({ worker }: BidRow): boolean =>
    !need.failed.has(worker) && mayTry(model, need, worker) && within(model, worker) >= bond;
  const index = need.queue.findIndex(fit);
  const bid = need.queue[index];
  need.queue = index < 0 ? [] : need.queue.slice(index + 1);
  if (bid === undefined) need.phase = 'ready';
  else grant(model, need, bid, need.body.windows.leaseMs);
}

export function grant(model: Model, need: NeedRow, bid: BidRow, length: number): void {
  const { position } = model;
  need.attempt += 1;
  need.phase = 'leased';
  const { attempt } = need;
  need.lease = {
    bid,
    attempt,
    fence: position,
    length,
    expiresAt: null,
    renewals: 0,
    progress: null,
    touched: position,
  };
  takeTask(model, need, bid.worker);
  move(model, `free/${bid.worker}`, bondAccount(need, bid.worker), bondOf(model, need));
  openAlarm(model, `lease:${need.id}`, length);
}

export function dropLease(model: Model, need: NeedRow): void {
  need.lease = null;
  dropAlarm(model, `lease:${need.id}`);
}

const isOverdue = (model: Model, need: NeedRow): boolean =>
  need.deadlinePassed || (need.deadlineAt !== null && model.time >= need.deadlineAt);

/** The holder loses the task and all of the bond but `returned`. */
export function loseLease(model: Model, need: NeedRow, returned: number, isYielded = false): void {
  const holder = need.lease?.bid.worker ?? '';
  dropLease(model, need);
  need.failed.add(holder);
  if (!isYielded) {
    change(model, classOf(need), identityOf(model, holder), 'half');
    failTrial(model, need, holder);
  }
  move(model, bondAccount(need, holder), `free/${holder}`, returned);
  moveAll(model, bondAccount(need, holder), 'burn');
  if (isOverdue(model, need) || isLost(model, need)) closeNeed(model, need, 'expired');
  else promote(model, need);
}

/** An attempt was judged and failed; `sharers` share what is left of the bond after the next attempt's fees and a jury's. */
export function failAttempt(
  model: Model,
  commit: CommitRow,
  sharers: readonly string[],
  payJury: ((bond: string) => void) | null = null,
): void {
  const need = needRow(model, commit.need);
  const bond = bondAccount(need, commit.bid.worker);
  const spent = commit.level === model.params.maxAttempts || need.body.trial !== null;
  const last = spent || isOverdue(model, need) || isLost(model, need);
  need.failed.add(commit.bid.worker);
  change(model, classOf(need), identityOf(model, commit.bid.worker), 'half');
  failTrial(model, need, commit.bid.worker);
  if (!last) {
    need.level = commit.level + 1;
    const funds = Math.min(need.body.seatFee * largest(model, need.level), balance(model, bond));
    move(model, bond, `escrow/${need.id}`, funds);
    need.fees += funds;
    need.forfeited += funds;
  }
  payJury?.(bond);
  const share = floorOf(balance(model, bond), model.params.challengerShareBps, 10_000);
  for (const did of sharers) move(model, bond, `free/${did}`, Math.floor(share / sharers.length));
  if (commit.attempt === 1) need.misfit = { worker: commit.bid.worker, burned: balance(model, bond), opened: false };
  moveAll(model, bond, 'burn');
  if (last) closeNeed(model, need, 'expired');
  else promote(model, need);
}

/** Pays a worker or planner out of the price. */
export function payPrice(model: Model, need: NeedRow, did: string, amount: number): void {
  need.price -= amount;
  move(model, `escrow/${need.id}`, `free/${did}`, amount);
}

/** Pays each seat its fee. Above level 1 what bonds added pays. */
export function payFees(model: Model, need: NeedRow, dids: readonly string[], level: number): void {
  const { seatFee } = need.body;
  for (const did of dids) {
    need.fees -= seatFee;
    if (level > 1) need.forfeited = Math.max(0, need.forfeited - seatFee);
    else need.spent += seatFee;
    move(model, `escrow/${need.id}`, `free/${did}`, seatFee);
  }
}

/** What reputation costs: a part of what worker and planner got. */
export function burnPart(model: Model, bid: BidRow): void {
  const { worker, planner } = burned(model, bid);
  move(model, `free/${bid.worker}`, 'burn', worker);
  if (bid.planner !== null) move(model, `free/${bid.planner}`, 'burn', planner);
}

export function returnBond(model: Model, commit: CommitRow): void {
  const { worker } = commit.bid;
  moveAll(model, `bond/work/${commit.need}/${worker}`, `free/${worker}`);
}

const rootOf = (model: Model, need: NeedRow): NeedRow | null =>
  need.parent === null ? null : needRow(model, need.parent.need);

/** A task of a plan that failed or ended: nobody begins on it any more. */
function isLost(model: Model, need: NeedRow): boolean {
  const root = rootOf(model, need);
  return root !== null && (root.phase === 'final' || root.plan?.broken === true);
}

/** Children on which nobody works. */
const idle = (model: Model, need: NeedRow): readonly NeedRow[] =>
  model.needs.filter(
    ({ parent, phase, settled }) => parent?.need === need.id && !settled && (phase === 'waiting' || phase === 'ready'),
  );

/** `outputs` is what a task that is done hands on. */
export function closeNeed(
  model: Model,
  need: NeedRow,
  status: 'closed' | 'expired' | 'cancelled',
  outputs: readonly ArtifactRef[] | null = null,
): void {
  need.status = status;
  need.phase = 'final';
  need.queue = [];
  for (const committee of model.committees) {
    if (committee.need === need.id && committee.commit === null && committee.phase !== 'over')
      endCommittee(model, committee);
  }
  dropAlarm(model, `deadline:${need.id}`);
  endPlanBond(model, need);
  const left = need.price;
  const origin = need.body.trial === 'sponsored' ? 'fund/trials' : `free/${need.requester}`;
  const heir = heirOf(model, need);
  if (heir !== null) heir.price += left;
  need.price = 0;
  move(model, `escrow/${need.id}`, heir === null ? origin : `escrow/${heir.id}`, left);
  endTask(model, need, outputs);
  for (const child of idle(model, need)) closeNeed(model, child, status);
  settleNeed(model, need);
}

/** Who gets what a need leaves: the need that it is a task of while that lives, else (null) the requester. */
function heirOf(model: Model, need: NeedRow): NeedRow | null {
  const root = rootOf(model, need);
  return root?.phase === 'final' ? null : root;
}

function endPlanBond(model: Model, need: NeedRow): void {
  const planner = need.plan?.planner;
  if (planner != null) moveAll(model, `bond/plan/${need.id}`, `free/${planner}`);
}

/** A task is done, and others begin; or it failed, and with it the plan. */
function endTask(model: Model, need: NeedRow, outputs: readonly ArtifactRef[] | null): void {
  const root = rootOf(model, need);
  const task = (root ?? need).plan?.tasks.find((row) => row.need === need.id);
  if (task === undefined || root?.plan == null) return;
  task.state = outputs === null ? 'failed' : 'done';
  task.outputs = outputs ?? [];
  if (root.phase === 'final') return;
  if (outputs !== null && !root.plan.broken) startTasks(model, root);
  if (outputs === null && !root.plan.broken) {
    root.plan.broken = true;
    for (const child of idle(model, root)) closeNeed(model, child, 'expired');
  }
  const open = root.plan.tasks.some(
    ({ task: name, state }) => name !== 'main' && state !== 'done' && state !== 'failed',
  );
  if (root.plan.broken && !open && root.phase === 'waiting') reopenOrExpire(model, root);
}

/** Tasks after which nothing is waited for begin, on the need's inputs and what those before made. */
export function startTasks(model: Model, root: NeedRow): void {
  const lastStart = (root.deadlineAt ?? Number.POSITIVE_INFINITY) - root.body.windows.leaseMs;
  if (isOverdue(model, root) || model.time > lastStart) return;
  const tasks = root.plan?.tasks ?? [];
  const before = new Map(tasks.filter(({ state }) => state === 'done').map((row) => [row.task, row.outputs]));
  for (const row of tasks) {
    if (row.state !== 'waiting' || !row.after.every((name) => before.has(name))) continue;
    row.state = 'open';
    const need = needRow(model, row.need);
    need.inputs = [...root.body.inputs, ...row.after.flatMap((name) => before.get(name) ?? [])];
    promote(model, need);
  }
}

/** When the last commit and task of an ended need is settled and no vote on its plan is challenged, what bonds added is burned, the rest of the fees goes back. */
export function settleNeed(model: Model, need: NeedRow): void {
  const isOpen = model.commits.some((commit) => commit.need === need.id && !commit.settled);
  const children = model.needs.some(({ parent, settled }) => parent?.need === need.id && !settled);
  const challenged = model.seals.some((seal) => seal.live && seal.subject === need.id);
  if (need.phase !== 'final' || isOpen || children || challenged || need.settled) return;
  levy(model, need);
  const burned = Math.min(need.forfeited, need.fees);
  move(model, `escrow/${need.id}`, 'burn', burned);
  const heir = heirOf(model, need);
  const left = need.fees - burned;
  if (heir !== null) {
    heir.fees += left;
    heir.logs += need.logs;
  }
  const to = heir === null ? `free/${need.requester}` : `escrow/${heir.id}`;
  move(model, `escrow/${need.id}`, to, left + need.logs);
  need.fees = 0;
  need.logs = 0;
  need.forfeited = 0;
  repay(model, need, burned);
  need.settled = true;
  const root = rootOf(model, need);
  if (root !== null) settleNeed(model, root);
}
