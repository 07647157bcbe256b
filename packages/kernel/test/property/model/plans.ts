import { cidOf, encodeCbor, linkOf } from '@canswarm/protocol';
import { largest, needRow } from './committees.ts';
import { fundOf } from './fees.ts';
import { sha256 } from './hash.ts';
import { move } from './ledger.ts';
import { bondOf, promote, startTasks } from './needs.ts';
import { entityOf } from './people.ts';
import type { OfferRow, PlanBidRow, TaskRow } from './plan-rows.ts';
import type { BidRow, Model, NeedRow } from './tables.ts';

export const planBond = (need: NeedRow): string => `bond/plan/${need.id}`;

/** Needs that are tasks of a need and not settled. */
export const childrenOf = (model: Model, need: NeedRow): readonly NeedRow[] =>
  model.needs.filter(({ parent, settled }) => parent?.need === need.id && !settled);

/** Whose plan a task is of, and what it gets with this task. */
export function planPay(model: Model, need: NeedRow): { planner: string | null; price: number } {
  const plan = need.parent === null ? need.plan : needRow(model, need.parent.need).plan;
  return { planner: plan?.planner ?? null, price: need.parent === null ? (plan?.share ?? 0) : 0 };
}

const sharedBy = ({ price, tasks }: PlanBidRow): number => price - tasks.reduce((sum, task) => sum + task.price, 0);

/** Whether two bids mean the same by a task. */
const alike = (one: OfferRow, other: OfferRow): boolean =>
  JSON.stringify([one.task, one.part, one.goal, one.after]) ===
  JSON.stringify([other.task, other.part, other.goal, other.after]);

/** Who does a task of the leader's plan, in turn: whoever some bid has for just that task at no more, one of an entity. */
function queueOf(model: Model, bids: readonly PlanBidRow[], due: OfferRow): BidRow[] {
  const [leader] = bids;
  const kept: BidRow[] = [];
  for (const bid of bids) {
    const offer = bid.tasks.find((one) => alike(one, due));
    if (leader === undefined || offer === undefined || offer.worker === null) continue;
    const { worker, price } = offer;
    const whole = leader.tasks.length === 1;
    if (!whole && price > due.price) continue;
    if (kept.some((other) => entityOf(model, other.worker) === entityOf(model, worker))) continue;
    const { planner } = whole ? bid : leader;
    const share = due.task === 'main' ? sharedBy(leader) : 0;
    kept.push({ id: bid.id, worker, planner, price: whole ? bid.price : price + share, workerPrice: price });
  }
  return kept.slice(0, 1 + model.params.runnersUp);
}

/** The leader's plan is the need's. */
export function adopt(model: Model, need: NeedRow, bids: readonly PlanBidRow[]): void {
  const [leader] = bids;
  const kept = (need.plan?.tasks ?? []).filter(({ state }) => state === 'done');
  need.version += 1;
  need.plan = null;
  const main = leader?.tasks.find(({ task }) => task === 'main');
  need.queue = main === undefined ? [] : queueOf(model, bids, main);
  if (leader === undefined || (leader.tasks.length === 1 && kept.length === 0)) return promote(model, need);
  const name = (task: string): string =>
    task === 'main' ? need.id : cidOf(encodeCbor([linkOf(need.id as never), need.round, task]), 'dag-cbor', sha256);
  const tasks = leader.tasks.map(
    ({ task, after }): TaskRow => ({ task, need: name(task), after, state: 'waiting', outputs: [] }),
  );
  need.plan = { planner: leader.planner, share: sharedBy(leader), tasks: [...kept, ...tasks], broken: false };
  need.phase = 'waiting';
  if (leader.planner !== null && tasks.length > 1)
    move(model, `free/${leader.planner}`, planBond(need), bondOf(model, need));
  for (const offer of leader.tasks) {
    if (offer.task !== 'main') openChild(model, need, offer, name(offer.task), queueOf(model, bids, offer));
  }
  startTasks(model, need);
}

function openChild(model: Model, root: NeedRow, offer: OfferRow, id: string, queue: BidRow[]): void {
  const part = root.body.plan?.parts[offer.part ?? -1];
  if (part === undefined) throw new Error(`${offer.task} is no part of ${root.id}`);
  const fees = root.body.seatFee * largest(model, 1);
  const logs = Math.min(root.logs, fundOf(model));
  const { requester, round, deadlineAt, deadlinePassed, planSeats, planK } = root;
  const body = { ...root.body, ...part, goal: offer.goal ?? root.body.goal, priceCap: offer.price, plan: null };
  model.needs.push({
    id,
    parent: { need: root.id, task: offer.task },
    requester,
    body,
    position: model.position,
    status: 'decided',
    phase: 'waiting',
    round,
    deadlineAt,
    deadlinePassed,
    price: offer.price,
    fees,
    forfeited: 0,
    owed: 0,
    logs,
    attempt: 0,
    level: 1,
    lease: null,
    inputs: root.body.inputs,
    version: 0,
    plan: null,
    capSealed: false,
    queue,
    failed: new Set(root.failed),
    planSeats,
    planK,
    standings: new Map(),
    spent: 0,
    misfit: null,
    adopted: [],
    orphaned: [],
    alternates: [],
    settled: false,
  });
  root.price -= offer.price;
  root.fees -= fees;
  root.logs -= logs;
  move(model, `escrow/${root.id}`, `escrow/${id}`, offer.price + fees + logs);
}
