import { MAIN_TASK, taskNeedId } from '@canswarm/protocol';
import { freeAccount, planBondAccount } from '../accounts.ts';
import type { Context } from '../context.ts';
import { UNHEALED } from '../heals.ts';
import { invariant } from '../invariant.ts';
import { transfer } from '../ledger.ts';
import { logFund } from '../log-fees.ts';
import { promote, startTasks } from '../need-life.ts';
import { attemptFees, fundTask } from '../need-money.ts';
import { entityOf, freeBalance } from '../pool.ts';
import type { Need, Plan, PlanTask, State } from '../state.ts';
import { planBond } from './bonds.ts';
import { type MergedPlan, type MergedTask, mergeProposals, type Offer, type Proposal, plannerShare } from './merge.ts';
import { doneTasks } from './tasks.ts';

/**
 * The plan of proposals. Who divides the work answers for the plan with a bond: proposals whose planner has none free are passed over.
 * Null: none is left.
 */
export function planOfProposals(state: State, need: Need, proposals: readonly Proposal[]): MergedPlan | null {
  const bond = planBond(state, need);
  const [best, ...others] = proposals.filter(
    ({ planner, offers }) => planner === null || offers.length === 1 || freeBalance(state, planner) >= bond,
  );
  if (best === undefined) return null;
  const most = 1 + state.params.runnersUp;
  return mergeProposals([best, ...others], { most, entityOf: (did) => entityOf(state, did) });
}

/** Makes a plan the need's: one task is the need itself; of more, each but `main` becomes a need with its part of the escrow. */
export function adoptPlan(context: Context, root: Need, merged: MergedPlan | null): void {
  const kept = doneTasks(root);
  root.planVersion += 1;
  root.plan = null;
  const main = merged?.tasks.at(-1);
  if (merged === null || main === undefined || (merged.tasks.length === 1 && kept.length === 0)) {
    root.runnersUp = [...(main?.queue ?? [])];
    promote(context, root);
    return;
  }
  const { planner, id: bid } = merged.base;
  const tasks = merged.tasks.map(({ offer }) => planned(context, root, offer));
  const plan: Plan = { planner, share: plannerShare(merged.base), tasks: [...kept, ...tasks], broken: false };
  root.plan = plan;
  root.phase = 'waiting';
  root.runnersUp = [...main.queue];
  const bonded = tasks.length > 1 && planner !== null ? planBond(context.state, root) : 0;
  const { id: need, planVersion: version } = root;
  context.emit({ type: 'plan_adopted', need, version, bid, planner, tasks: tasks.length });
  for (const conflict of merged.conflicts) context.emit({ type: 'plan_conflict', need, ...conflict });
  if (planner !== null)
    transfer(context, {
      code: 'plan_bond',
      debit: freeAccount(planner),
      credit: planBondAccount(need),
      amount: bonded,
    });
  for (const task of merged.tasks) if (task.offer.task !== MAIN_TASK) openTask(context, root, task);
  startTasks(context, root, plan);
}

const needOfTask = ({ sha256 }: Context, root: Need, task: string) =>
  task === MAIN_TASK ? root.id : taskNeedId(root.id, root.round, task, sha256);

const planned = (context: Context, root: Need, { task, part, goal, after, price }: Offer): PlanTask => ({
  task,
  need: needOfTask(context, root, task),
  part,
  goal,
  after,
  price,
  status: 'waiting',
  outputs: [],
});

/** A task is a need of its own: terms of the need's part, periods, fee and deadline of the need; it has no bidding. */
function openTask(context: Context, root: Need, { offer, queue }: MergedTask): void {
  const { state, position } = context;
  const { task, part, goal, price } = offer;
  const terms = root.body.plan?.parts[part ?? 0];
  invariant('INV-PLAN', terms !== undefined, `${task} of ${root.id} is no part of it`);
  const need: Need = {
    id: needOfTask(context, root, task),
    parent: { need: root.id, task },
    requester: root.requester,
    body: { ...root.body, ...terms, goal: goal ?? root.body.goal, priceCap: price, plan: null },
    position,
    status: 'decided',
    round: root.round,
    deadlineAt: root.deadlineAt,
    deadlinePassed: root.deadlinePassed,
    capSealed: false,
    pricePool: price,
    feePool: attemptFees(state, root, 1),
    forfeited: 0,
    owed: 0,
    logPool: Math.min(root.logPool, logFund(state.params)),
    phase: 'waiting',
    attempt: 0,
    level: 1,
    lease: null,
    inputs: root.body.inputs,
    planVersion: 0,
    plan: null,
    children: [],
    runnersUp: [...queue],
    failed: new Set(root.failed),
    planSeats: root.planSeats,
    planK: root.planK,
    spent: 0,
    misfit: null,
    planSat: [],
    ...UNHEALED,
    standings: null,
    commits: [],
  };
  state.needs.set(need.id, need);
  root.children.push(need.id);
  fundTask(context, root, need);
  context.emit({ type: 'task_opened', need: need.id, root: root.id, task, price });
}
