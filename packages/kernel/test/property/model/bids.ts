import { bidSeal, capSeal, type EnvelopeId, type PatchTask, toHex, type VerifiedEnvelope } from '@canswarm/protocol';
import { sha256 } from '../../support/keys.ts';
import { ballots } from './evidence.ts';
import { balance, floorOf } from './ledger.ts';
import { bondOf } from './needs.ts';
import { entityOf } from './people.ts';
import type { PlanBidRow } from './plan-rows.ts';
import { inOrder, isSound } from './plan-shape.ts';
import { identityOf, standing } from './reputation.ts';
import type { CommitteeRow, Model, NeedRow, VoteRow } from './tables.ts';

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

/** What bids may cost at most, by what is shown; null: nobody knows. */
export function capShown(need: NeedRow, shown: readonly VerifiedEnvelope[]): number | null {
  if (!need.capSealed) return need.price;
  const caps = shown.flatMap(({ payload }) => {
    if (payload.verb !== 'OPEN_CAP' || payload.from !== need.requester) return [];
    const { cap, salt } = payload.body;
    const hash = toHex(capSeal(payload.from, cap, salt, sha256));
    return hash === toHex(need.body.capSeal ?? new Uint8Array()) && cap <= need.price ? [cap] : [];
  });
  return caps[0] ?? null;
}

/** Whether a bid is of the kind that the need asks for, and a sealed one was sealed by its bidder as it is. */
function isOfKind(need: NeedRow, { payload }: VerifiedEnvelope, shown: readonly VerifiedEnvelope[]): boolean {
  if (payload.verb !== 'PROPOSE') return false;
  const { from, network, body } = payload;
  if (need.body.auction === 'open') return body.salt === null;
  if (body.salt === null || body.planner !== null) return false;
  const due = toHex(bidSeal(from, body, sha256));
  return shown.some(
    ({ payload: seal }) =>
      seal.verb === 'SEAL_BID' &&
      seal.from === from &&
      seal.network === network &&
      seal.body.need === need.id &&
      seal.body.round === need.round &&
      toHex(seal.body.seal) === due,
  );
}

/** A PROPOSE as a bid on the present round, whatever it outdoes, or null. */
function offerIn(model: Model, need: NeedRow, envelope: VerifiedEnvelope, shown: readonly VerifiedEnvelope[]) {
  const { payload, id } = envelope;
  if (payload.verb !== 'PROPOSE') return null;
  const { from, body } = payload;
  const { planner, price, etaMs, patch } = body;
  if (!isOfKind(need, envelope, shown)) return null;
  const cap = capShown(need, shown) ?? 0;
  if (body.need !== need.id || body.round !== need.round || price > cap || etaMs > need.body.deadlineMs) return null;
  if (planner !== null && need.body.trial !== null) return null;
  if (!isSound(model, need, body.base, patch) || (planner !== null && planner !== from)) return null;
  const workers = patch.filter((task) => task.assignee !== null);
  if (workers.some(({ assignee }) => need.failed.has(assignee ?? ''))) return null;
  if (planner !== null && !workers.every((task) => isAccepted(need, task, from, shown))) return null;
  const tasks = inOrder(patch).map(({ assignee, ...task }) => ({ ...task, worker: assignee }));
  const lead = tasks.find(({ task }) => task === 'main')?.worker ?? from;
  return { row: { id, lead, planner, price, tasks }, score: scoreOf(model, need, { price, etaMs, worker: lead }) };
}

/** Whether what is shown holds the word of an assignee for just this task. */
function isAccepted(need: NeedRow, task: PatchTask, planner: string, shown: readonly VerifiedEnvelope[]): boolean {
  const { acceptance, ...due } = task;
  return shown.some(({ id, payload }) => {
    if (payload.verb !== 'PROPOSE' || id !== acceptance || payload.from !== task.assignee) return false;
    const { body } = payload;
    const own = JSON.stringify(body.patch.map(({ acceptance: _, ...said }) => said));
    const sameRound = body.need === need.id && body.round === need.round && body.base === need.version;
    return sameRound && body.planner === planner && own === JSON.stringify([due]);
  });
}

/** Whether each link of a chain of bids, the last bid first, is a bid that takes a step from the one behind it; and no more turns are. */
function readBid(model: Model, need: NeedRow, last: VerifiedEnvelope, shown: readonly VerifiedEnvelope[]) {
  const chain = [offerIn(model, need, last, shown)];
  for (let at: VerifiedEnvelope | undefined = last; at !== undefined; ) {
    const behind: EnvelopeId | null = at.payload.verb === 'PROPOSE' ? at.payload.body.outbids : null;
    if (behind === null) break;
    at = shown.find(({ id }) => id === behind);
    chain.push(at === undefined ? null : offerIn(model, need, at, shown));
    if (chain.length > model.params.bidTurns) return null;
  }
  const holds = chain.every((bid, index) => {
    const behind = chain[index + 1];
    if (bid === null || behind === null) return false;
    if (behind === undefined) return true;
    const fall = behind.row.price - bid.row.price;
    const step = fall >= 1 && fall * 10_000 >= behind.row.price * model.params.bidStepBps;
    return step && bid.score > behind.score && entityOf(model, bid.row.lead) !== entityOf(model, behind.row.lead);
  });
  return holds ? (chain[0] ?? null) : null;
}

export interface Auction {
  /** Ids that K of the votes for the winner name, and that are not shown. */
  readonly lacking: boolean;
  /** Those that are shown and are no bid. */
  readonly unfit: boolean;
  /** Bids, the leader first. */
  readonly ranked: readonly PlanBidRow[];
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

/** Bids whose planner can lock what who divides the work must. */
export const fitPlans = (model: Model, need: NeedRow, ranked: readonly PlanBidRow[]): readonly PlanBidRow[] =>
  ranked.filter(
    ({ planner, tasks }) =>
      planner === null || tasks.length === 1 || balance(model, `free/${planner}`) >= bondOf(model, need),
  );
