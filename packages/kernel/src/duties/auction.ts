import type { EnvelopeId, VerifiedEnvelope } from '@canswarm/protocol';
import { planSubject } from '../need-life.ts';
import { canBond } from '../plan/bonds.ts';
import { byScore, type Proposal } from '../plan/merge.ts';
import { entityOf } from '../pool.ts';
import { improvedPrice, readProposal, turnOf } from '../scoring.ts';
import type { Committee, Need, State } from '../state.ts';
import type { Me, OwnDuty, Rival, View } from './duty.ts';
import { countedBids, type HeardBid, turnEnds } from './turns.ts';

type Bids = Pick<View, 'proposals' | 'bidHeardAt'>;
type Standing = Proposal & HeardBid;

/** An auction as a node sees it. */
export interface Auction {
  /** Bids that count: fit, with free bonds, one per entity; the best first. */
  readonly ranked: readonly Standing[];
  /** When its last turn ends; null: the first still runs, or it is not known yet. */
  readonly endsAt: number | null;
}

/** How the auction of a need's present round stands. */
export function auctionOf(state: State, view: Bids, need: Need): Auction {
  const heard = fitBids(state, view, need);
  const committee = state.committees.get(planSubject(need.id, need.round));
  const closedAt = committee === undefined ? null : firstClose(state, need, committee);
  if (committee === undefined || closedAt === null) return { ranked: onePerEntity(heard), endsAt: null };
  // Who is drawn for a seat that lacks was not there when bids came: all that are known count, and turns are over.
  if (committee.draw > 0) return { ranked: onePerEntity(heard), endsAt: closedAt };
  const { params } = state;
  const windowMs = need.body.windows.bidMs;
  const latest = committee.halfAt ?? closedAt;
  const [firstEnd = closedAt, ...more] = turnEnds({ params, windowMs, closedAt, latest }, heard);
  return { ranked: onePerEntity(countedBids(params, firstEnd, heard)), endsAt: more.at(-1) ?? firstEnd };
}

/** Bids that count now, the best first. */
export const rankedBids = (state: State, view: Bids, need: Need): readonly Proposal[] =>
  auctionOf(state, view, need).ranked;

/** When the first window closed: the answer period began then, and `halfAt` is its middle. */
function firstClose({ params }: State, { body }: Need, { phase, halfAt }: Committee): number | null {
  if (phase !== 'voting' || halfAt === null) return null;
  return halfAt - Math.ceil(Math.max(params.answerMs, body.windows.answerMs) / 2);
}

function fitBids(state: State, view: Bids, need: Need): readonly Standing[] {
  const proposals = view.proposals(need.id, need.round);
  const byId = new Map<EnvelopeId, VerifiedEnvelope>(proposals.map((proposal) => [proposal.id, proposal]));
  const find = (id: EnvelopeId): VerifiedEnvelope | undefined => byId.get(id);
  return proposals.flatMap((proposal) => {
    const bid = readProposal(state, need, proposal, find);
    if (typeof bid === 'string' || !canBond(state, need, bid)) return [];
    const turn = turnOf(proposal, find, state.params.bidTurns);
    return [{ ...bid, entity: entityOf(state, bid.lead), turn, at: view.bidHeardAt(need.id, bid.id) }];
  });
}

function onePerEntity(heard: readonly Standing[]): readonly Standing[] {
  const ranked = [...heard].sort(byScore);
  const entities = new Set<string>();
  return ranked.filter(({ entity }) => {
    const first = !entities.has(entity);
    entities.add(entity);
    return first;
  });
}

/**
 * A worker that is outbid may improve: once for each bid that leads it. `rivals` are the bids above its own that it may outdo, the best
 * first; which of them it does outdo is a matter of its floor.
 */
export function improveDuty(state: State, view: View, me: Me, need: Need, now: number): readonly OwnDuty[] {
  if (me.acceptsPlansOf !== null) return [];
  const { ranked, endsAt } = auctionOf(state, view, need);
  if (endsAt !== null && Math.max(now, state.time) >= endsAt) return [];
  const rank = ranked.findIndex(({ entity }) => entity === entityOf(state, me.did));
  const rivals: Rival[] = ranked.slice(0, Math.max(0, rank)).flatMap(({ id, turn, price, score }) => {
    const atMost = improvedPrice(state.params, price);
    return turn < state.params.bidTurns && atMost >= 0 ? [{ id, score, atMost }] : [];
  });
  const [first] = rivals;
  if (first === undefined || ranked[rank]?.lead !== me.did) return [];
  const key = `improve/${need.id}/${need.round}/${first.id}/${me.did}`;
  if (view.signedAt(need.id, key) !== null) return [];
  return [{ key, type: 'improve', need: need.id, round: need.round, rivals }];
}
