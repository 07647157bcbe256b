import type { TypeOf } from '../codec/codec.ts';
import { list, nullable, record, refine } from '../codec/composites.ts';
import { did, integer, link, micro, nothing, text } from '../codec/scalars.ts';
import { ARTIFACTS_MAX } from '../limits.ts';
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

/**
 * A slot of work somebody pays for. `deadlineMs` is how long after its start a COMMIT is taken; `tier` is the acceptance's, which
 * the kernel cannot read.
 */
export const needBody = record({
  skill: text(128),
  goal: nullable(text(4096, 0)),
  inputs: list(artifact, 1, ARTIFACTS_MAX),
  acceptance: link,
  tier: integer(1, 6),
  priceCap: micro(1),
  seatFee: micro(1),
  scoring,
  windows,
  deadlineMs: integer(1),
  class: text(64),
});
export type NeedBody = TypeOf<typeof needBody>;

export const cancelBody = record({ need });
export type CancelBody = TypeOf<typeof cancelBody>;

/** One task of a plan patch. `acceptance` is the assignee's own PROPOSE that takes the task from this planner. */
const patchTask = record({ task, assignee: did, price: micro(), acceptance: nullable(envelope) });

/** A bid, a planner's bid, or a worker's acceptance of a planner's task: see `proposalKind`. */
export const proposeBody = record({
  need,
  round: count,
  price: micro(),
  etaMs: durationMs,
  planner: nullable(did),
  patch: list(patchTask, 1, 1),
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
  const [part] = body.patch;
  if (part === undefined) return undefined;
  if (body.planner === from) {
    return part.assignee !== from && part.acceptance !== null && body.price >= part.price ? 'plan' : undefined;
  }
  if (part.assignee !== from || part.acceptance !== null || part.price !== body.price) return undefined;
  return body.planner === null ? 'bid' : 'acceptance';
}
