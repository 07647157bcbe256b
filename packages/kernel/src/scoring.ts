import type { Did, EnvelopeId, VerifiedEnvelope } from '@canswarm/protocol';
import { mulDivFloor } from './amounts.ts';
import { identityOf, standingBps } from './reputation.ts';
import type { Bid, Need, State } from './state.ts';

/**
 * The score of a bid in basis points times ten thousand, an integer: the need's weights on how far price and eta stay
 * below their caps, and on the worker's standing in its class when the round opened. Ties are broken by the smaller id.
 * Source: `spec/04-verbs.md`, bids.
 */
export function scoreBid(
  state: State,
  { body, standings }: Pick<Need, 'body' | 'standings'>,
  { price, etaMs, worker }: { readonly price: number; readonly etaMs: number; readonly worker: Did },
): number {
  const { scoring, priceCap, deadlineMs } = body;
  const saved = mulDivFloor(priceCap - price, 10_000, priceCap);
  const early = mulDivFloor(deadlineMs - etaMs, 10_000, deadlineMs);
  const points = standings?.get(identityOf(state, worker)) ?? 0;
  const standing = scoring.reputationBps === 0 ? 0 : standingBps(state.params, points);
  return scoring.priceBps * saved + scoring.etaBps * early + scoring.reputationBps * standing;
}

/**
 * Reads a PROPOSE as a bid on the need's present round. Returns why it is none: a text. `find` supplies the assignee's
 * acceptance by its id.
 */
export function readBid(
  state: State,
  need: Need,
  proposal: VerifiedEnvelope,
  find: (id: EnvelopeId) => VerifiedEnvelope | undefined,
): Bid | string {
  const { payload } = proposal;
  if (payload.verb !== 'PROPOSE') return 'not a PROPOSE';
  const { body, from } = payload;
  const task = body.patch[0];
  if (body.need !== need.id || body.round !== need.round) return 'other need or round';
  if (task === undefined || task.task !== 'main' || body.patch.length !== 1) return 'a plan of one task is due';
  if (body.price > need.body.priceCap) return 'price over the cap';
  if (body.etaMs > need.body.deadlineMs) return 'eta after the deadline';
  if (need.failed.has(task.assignee)) return 'assignee failed before';
  const bid = { id: proposal.id, worker: task.assignee, price: body.price, workerPrice: task.price };
  const score = scoreBid(state, need, { price: body.price, etaMs: body.etaMs, worker: task.assignee });
  if (body.planner === null) {
    if (task.assignee !== from || task.acceptance !== null || task.price !== body.price)
      return 'assignee did not accept';
    return { ...bid, planner: null, score };
  }
  if (body.planner !== from || task.assignee === from) return 'an acceptance, not a bid';
  const acceptance = task.acceptance === null ? undefined : find(task.acceptance as string as EnvelopeId);
  if (acceptance === undefined) return 'acceptance not shown';
  if (task.price > body.price || !accepts(need, acceptance, from, task.assignee, task.price))
    return 'assignee did not accept';
  return { ...bid, planner: from, score };
}

/** Whether an envelope is the assignee's acceptance of a planner's task at a price. */
function accepts(need: Need, acceptance: VerifiedEnvelope, planner: string, assignee: string, price: number): boolean {
  const { payload } = acceptance;
  if (payload.verb !== 'PROPOSE' || payload.from !== assignee) return false;
  const { body } = payload;
  const task = body.patch[0];
  return (
    body.need === need.id &&
    body.round === need.round &&
    body.planner === planner &&
    task !== undefined &&
    task.assignee === assignee &&
    task.acceptance === null &&
    task.price === price &&
    body.price === price
  );
}
