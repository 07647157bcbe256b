import type { TypeOf } from '../codec/codec.ts';
import { list, nullable, record, recordWith, refine } from '../codec/composites.ts';
import { bytes32, did, integer, link, micro, oneOf, text } from '../codec/scalars.ts';
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

/** In an open auction bids are seen and outdone; in a sealed one their hashes are gossiped first. */
const auctionKind = oneOf(['open', 'sealed']);

const needFields = recordWith(
  {
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
    auction: auctionKind,
    capSeal: nullable(bytes32),
    /** Random, or the mark of a plant (`plantMark`): nobody can tell which. */
    mark: bytes32,
  },
  /** Capsule of a policy of its own, which is asked besides that of the network. */
  { policy: link },
);

/**
 * A slot of work somebody pays for. `deadlineMs` is how long after its start a COMMIT is taken; `tier` is the acceptance's, which
 * the kernel cannot read. A `trial` is work by which keys begin that have nothing: one task, paid by the requester or by the fund for it.
 * `capSeal` is the hash of the most it pays, which `priceCap` covers: see `capSeal`. What planners put together others see before, so
 * nothing of it is sealed; nor of trials, which cost little whoever does them.
 */
export const needBody = refine(needFields, ({ trial, plan, auction, capSeal }) => {
  if (trial !== null && plan !== null) return ['wrong_value', 'plan'];
  if (auction === 'open') return capSeal === null ? undefined : ['wrong_value', 'capSeal'];
  return plan === null && trial === null ? undefined : ['wrong_value', 'auction'];
});
export type NeedBody = TypeOf<typeof needBody>;

/** Tells that the need was a plant of its sender, whose mark `salt` gives. */
export const plantBody = record({ need, salt: bytes32 });

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
 * the bid of somebody else that it improves on, `salt` what its SEAL_BID was made with; null in open auctions.
 */
export const proposeBody = record({
  need,
  round: count,
  base: count,
  price: micro(),
  etaMs: durationMs,
  planner: nullable(did),
  outbids: nullable(envelope),
  salt: nullable(bytes32),
  patch: list(patchTask, 1, TASKS_MAX),
});
export type ProposeBody = TypeOf<typeof proposeBody>;

/** The hash of a bid that is opened when the window is over: see `bidSeal`. */
export const sealBidBody = record({ need, round: count, seal: bytes32 });
export type SealBidBody = TypeOf<typeof sealBidBody>;

/** Opens a need's `capSeal`. */
export const openCapBody = record({ need, cap: micro(1), salt: bytes32 });
export type OpenCapBody = TypeOf<typeof openCapBody>;

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
    /** Digest of what the law asked about the NEED; null where the network had no policy for it. */
    policyDigest: nullable(bytes32),
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
  // What a planner puts together others have seen, and nobody outdoes what nobody sees.
  if (body.salt !== null && (planner !== null || body.outbids !== null)) return undefined;
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
