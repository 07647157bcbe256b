import type { VerifiedEnvelope } from '@canswarm/protocol';
import { ballots } from './evidence.ts';
import { floorOf } from './ledger.ts';
import { identityOf, standing } from './reputation.ts';
import type { BidRow, CommitteeRow, Model, NeedRow, VoteRow } from './tables.ts';

/** How good a bid is by the need's own scale. */
function scoreOf(
  model: Model,
  { body, standings }: NeedRow,
  bid: { price: number; etaMs: number; worker: string },
): number {
  const { price, etaMs, worker } = bid;
  const { priceCap, deadlineMs, scoring } = body;
  const saved = floorOf(priceCap - price, 10_000, priceCap);
  const early = floorOf(deadlineMs - etaMs, 10_000, deadlineMs);
  const stands = standing(model, standings.get(identityOf(model, worker)) ?? 0);
  return scoring.priceBps * saved + scoring.etaBps * early + scoring.reputationBps * stands;
}

/** A PROPOSE as a bid on the present round, or null. */
function readBid(model: Model, need: NeedRow, envelope: VerifiedEnvelope, shown: readonly VerifiedEnvelope[]) {
  const { payload, id } = envelope;
  if (payload.verb !== 'PROPOSE') return null;
  const { from, body } = payload;
  const [task] = body.patch;
  const plain =
    body.need === need.id &&
    body.round === need.round &&
    body.patch.length === 1 &&
    task !== undefined &&
    task.task === 'main';
  if (!plain || body.price > need.body.priceCap || body.etaMs > need.body.deadlineMs || need.failed.has(task.assignee))
    return null;
  const row: BidRow = { id, worker: task.assignee, planner: body.planner, price: body.price, workerPrice: task.price };
  const bid = { row, score: scoreOf(model, need, { price: body.price, etaMs: body.etaMs, worker: row.worker }) };
  if (body.planner === null)
    return task.assignee === from && task.acceptance === null && task.price === body.price ? bid : null;
  const agreed = shown.some((other) => {
    const said = other.payload;
    if (said.verb !== 'PROPOSE' || (other.id as string) !== task.acceptance || said.from !== task.assignee)
      return false;
    const [own] = said.body.patch;
    const sameRound = said.body.need === need.id && said.body.round === need.round && said.body.planner === from;
    const sameTask = own?.assignee === task.assignee && own.acceptance === null && own.price === task.price;
    return sameRound && sameTask && said.body.price === task.price;
  });
  return body.planner === from && task.assignee !== from && task.price <= body.price && agreed ? bid : null;
}

export interface Auction {
  /** Ids that K of the votes for the winner name, and that are not shown. */
  readonly lacking: boolean;
  /** Those that are shown and are no bid. */
  readonly unfit: boolean;
  /** Bids, the leader first. */
  readonly ranked: readonly BidRow[];
}

/** Who leads, among the bids that at least K of the votes for the winner name. */
export function auction(
  model: Model,
  need: NeedRow,
  committee: CommitteeRow,
  votes: { readonly winner: string; readonly fresh: ReadonlyMap<string, VoteRow> },
  shown: readonly VerifiedEnvelope[],
): Auction {
  const forWinner = ballots(committee, votes.fresh).filter(({ vote }) => vote.verdict === votes.winner);
  const ids = [...new Set(forWinner.flatMap(({ vote }) => vote.bids))];
  const named = ids.filter(
    (id) => forWinner.reduce((sum, { vote }) => sum + vote.bids.filter((bid) => bid === id).length, 0) >= committee.k,
  );
  const proposals = named.map((id) => shown.find((envelope) => envelope.id === id));
  const bids = proposals.map((one) => (one === undefined ? null : readBid(model, need, one, shown)));
  const ranked = bids.filter((bid) => bid !== null);
  ranked.sort((a, b) => b.score - a.score || (a.row.id < b.row.id ? -1 : 1));
  return {
    lacking: proposals.includes(undefined),
    unfit: bids.some((bid, index) => bid === null && proposals[index] !== undefined),
    ranked: ranked.map(({ row }) => row),
  };
}

/** The best bid of each worker's entity, as many as the network keeps. */
export function queueOf(model: Model, ranked: readonly BidRow[], entityOf: (did: string) => string): BidRow[] {
  const kept: BidRow[] = [];
  for (const bid of ranked) {
    if (!kept.some((other) => entityOf(other.worker) === entityOf(bid.worker))) kept.push(bid);
  }
  return kept.slice(0, 1 + model.params.runnersUp);
}
