import type { TypeOf } from '../codec/codec.ts';
import { list, nullable, record, refine } from '../codec/composites.ts';
import { did, integer, link, micro, nothing, oneOf, text } from '../codec/scalars.ts';
import type { Did, EnvelopeId, Micro } from '../ids.ts';
import { ARTIFACTS_MAX, PARTS_MAX, TASKS_MAX } from '../limits.ts';
import { artifact, count, durationMs, envelope, need, task } from './common.ts';

const BPS = 10_000;

/** Integer weights of what a bid is scored by, in basis points. */
const scoring = refine(
  record({ priceBps: integer(0, BPS), etaBps: integer(0, BPS), reputationBps: integer(0, BPS) }),
  ({ priceBps, etaBps, reputationBps }) =>
    priceBps + etaBps + reputationBps === BPS ? undefined : ['wrong_value', ''],
);

/** Periods of this need. The kernel refuses any that is shorter than the params say. */
const windows = record({ bidMs: integer(1), answerMs: integer(1), challengeMs: integer(1), leaseMs: integer(1) });

/** Verification tier, the acceptance's: the kernel cannot read that. */
const tier = integer(1, 6);

/** Work besides the need's own that a plan may be made of. */
const part = record({ skill: text(128), acceptance: link, tier });

/** Lets planners divide the work: into at most `tasks`, each of one of the parts but the last, which is the need's own work. */
const division = record({ tasks: integer(2, TASKS_MAX), parts: list(part, 1, PARTS_MAX) });

/**
 * A slot of work somebody pays for. `deadlineMs` is how long after its start a COMMIT is taken; `tier` is the acceptance's, which
 * the kernel cannot read. A `trial` is work by which keys begin that have nothing: one task, paid by the requester or by the fund for it.
 */
const anyNeed = record({
  skill: text(128),
  goal: nullable(text(4096, 0)),
  inputs: list(artifact, 1, ARTIFACTS_MAX),
  acceptance: link,
  tier,
  trial: nullable(oneOf(['funded', 'sponsored'])),
  priceCap: micro(1),
  seatFee: micro(1),
  scoring,
  windows,
  deadlineMs: integer(1),
  class: text(64),
  plan: nullable(division),
});
export const needBody = refine(anyNeed, ({ trial, plan }) =>
  trial === null || plan === null ? undefined : ['wrong_value', 'plan'],
);
export type NeedBody = TypeOf<typeof needBody>;

export const cancelBody = record({ need });
export type CancelBody = TypeOf<typeof cancelBody>;

/** Name of the task that gives the need's own result. */
export const MAIN_TASK = 'main';

/**
 * One task of a plan patch. `part` says which of the need's parts it is, null for the need's own work. `after` names the tasks whose
 * outputs it takes. Without assignee it is open to CLAIM; `acceptance` is the assignee's own PROPOSE that takes it from this planner.
 */
const patchTask = record({
  task,
  part: nullable(integer(0, PARTS_MAX - 1)),
  goal: nullable(text(1024)),
  after: refine(list(task, 0, PARTS_MAX), (after) =>
    new Set(after).size === after.length ? undefined : ['duplicate', ''],
  ),
  assignee: nullable(did),
  price: micro(),
  acceptance: nullable(envelope),
});
export type PatchTask = TypeOf<typeof patchTask>;

/** The need's own work by one worker: the patch of a plan of one task. */
export const wholeTask = (assignee: Did, price: Micro, acceptance: EnvelopeId | null = null): PatchTask => ({
  task: MAIN_TASK,
  part: null,
  goal: null,
  after: [],
  assignee,
  price,
  acceptance,
});

/**
 * A bid, a planner's bid, or a worker's acceptance of a planner's task: see `proposalKind`. `base` is the version it builds on, `outbids`
 * the bid of somebody else that it improves on.
 */
export const proposeBody = record({
  need,
  round: count,
  base: count,
  price: micro(),
  etaMs: durationMs,
  planner: nullable(did),
  outbids: nullable(envelope),
  patch: list(patchTask, 1, TASKS_MAX),
});
export type ProposeBody = TypeOf<typeof proposeBody>;

/** Bids one vote may name: the winner and the best three others. */
export const BIDS_SEEN_MAX = 4;

/** A plan seat's vote. `bidsSeen` holds the winner first, then the best others, all distinct; `winner` null: no bid. */
export const attestPlanBody = refine(
  record({
    need,
    round: count,
    ballot: count,
    draw: count,
    winner: nullable(envelope),
    bidsSeen: list(envelope, 0, BIDS_SEEN_MAX),
    policyDigest: nothing,
  }),
  ({ winner, bidsSeen }) => {
    if (new Set(bidsSeen).size !== bidsSeen.length) return ['duplicate', 'bidsSeen'];
    return winner === null || bidsSeen[0] === winner ? undefined : ['wrong_value', 'bidsSeen.0'];
  },
);
export type AttestPlanBody = TypeOf<typeof attestPlanBody>;

/** Adopts the plan that the votes in its evidence chose. */
export const decideBody = record({ need, round: count, ballot: count });
export type DecideBody = TypeOf<typeof decideBody>;

/** What a PROPOSE is, or undefined when its fields contradict one another. */
export function proposalKind(from: string, body: ProposeBody): 'bid' | 'acceptance' | 'plan' | undefined {
  const { patch, planner, price } = body;
  if (planner === from) return isPlan(from, body) ? 'plan' : undefined;
  const [part] = patch;
  if (part === undefined || patch.length > 1) return undefined;
  if (part.assignee !== from || part.acceptance !== null || part.price !== price) return undefined;
  if (planner === null) return 'bid';
  return body.outbids === null ? 'acceptance' : undefined;
}

/** A planner names others, each with its acceptance, or nobody; a plan of one task names somebody. The rest is its share. */
function isPlan(from: string, { patch, price }: ProposeBody): boolean {
  const assigned = patch.every(
    ({ assignee, acceptance }) => assignee !== from && (assignee === null) === (acceptance === null),
  );
  const isOpen = patch.length === 1 && patch[0]?.assignee === null;
  const prices = patch.reduce((sum, task) => sum + task.price, 0);
  return assigned && !isOpen && prices <= price;
}
