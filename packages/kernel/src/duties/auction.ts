import type { EnvelopeId, Micro, VerifiedEnvelope } from '@canswarm/protocol';
import { planSubject } from '../need-life.ts';
import { canBond } from '../plan/bonds.ts';
import { byScore, type Proposal } from '../plan/merge.ts';
import { entityOf, UNVERIFIED } from '../pool.ts';
import { improvedPrice, readProposal, turnOf } from '../scoring.ts';
import { takesSeals } from '../sealed-bids.ts';
import type { Committee, Need, State } from '../state.ts';
import type { Me, OwnDuty, Rival, View } from './duty.ts';
import { countedBids, type HeardBid, turnEnds } from './turns.ts';

type Bids = Pick<View, 'proposals' | 'bidHeardAt' | 'bidSeals' | 'capOpening'>;
type Standing = Proposal & HeardBid;

/** An auction as a node sees it. */
export interface Auction {
  /** Bids that count: fit, with free bonds, one per entity; the best first. */
  readonly ranked: readonly Standing[];
  /** When its last turn ends, or no opening is waited for any more; null: the first still runs, or it is not known yet. */
  readonly endsAt: number | null;
}

/** How the auction of a need's present round stands. */
export function auctionOf(state: State, view: Bids, need: Need): Auction {
  const heard = fitBids(state, view, need);
  const committee = state.committees.get(planSubject(need.id, need.round));
  const closedAt = committee === undefined ? null : firstClose(state, need, committee);
  if (need.body.auction === 'sealed') return sealedAuction(state, view, need, { heard, closedAt });
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

/**
 * Seats wait for what was sealed as long as a bid window, within half of their answer period. Who has a credential stands only with all
 * that it sealed: it would else open, of several seals, the one that suits when others have opened.
 */
function sealedAuction(
  state: State,
  view: Bids,
  need: Need,
  { heard, closedAt }: { readonly heard: readonly Standing[]; readonly closedAt: number | null },
): Auction {
  const seals = view.bidSeals(need.id, need.round).map(({ payload }) => payload.from);
  const opened = new Set(view.proposals(need.id, need.round).map(({ payload }) => payload.from));
  const shut = seals.filter((did) => !opened.has(did));
  const hiding = new Set(shut.map((did) => entityOf(state, did)).filter((entity) => entity !== UNVERIFIED));
  const ranked = onePerEntity(heard.filter(({ entity }) => !hiding.has(entity)));
  const all = shut.length === 0 && (seals.length === 0 || !need.capSealed || view.capOpening(need.id) !== null);
  const { bidMs, answerMs } = need.body.windows;
  const half = Math.ceil(Math.max(state.params.answerMs, answerMs) / 2);
  return { ranked, endsAt: closedAt === null || all ? closedAt : closedAt + Math.min(bidMs, half) };
}

/** What a bid may cost as far as is known: null while the cap is sealed. */
function knownCap(view: Bids, need: Need): Micro | null {
  if (!need.capSealed) return need.pricePool;
  const opening = view.capOpening(need.id)?.payload;
  return opening?.verb === 'OPEN_CAP' ? Math.min(opening.body.cap, need.pricePool) : null;
}

/** What a key that bids on a sealed need has to show: its bid once the window is over, and the requester its cap. */
export function unsealDuties(state: State, view: View, me: Me, need: Need): readonly OwnDuty[] {
  const committee = state.committees.get(planSubject(need.id, need.round));
  if (need.body.auction === 'open' || committee === undefined || takesSeals(committee)) return [];
  const { id, round } = need;
  const due: OwnDuty[] = [];
  const counts = view.bidSeals(id, round);
  if (counts.some(({ payload }) => payload.from === me.did)) {
    const sealKey = bidKey(need, me);
    due.push({ key: `open/${id}/${round}/${me.did}`, type: 'open_bid', need: id, sealKey });
  }
  if (need.capSealed && need.requester === me.did && counts.length > 0 && view.capOpening(id) === null)
    due.push({ key: `cap/${id}/${round}`, type: 'open_cap', need: id });
  return due.filter(({ key }) => view.signedAt(id, key) === null);
}

/** Names a key's first bid in a round; of a sealed auction its seal. */
export const bidKey = ({ id, round }: Need, { did }: Me): string => `bid/${id}/${round}/${did}`;

/** When the first window closed: the answer period began then, and `halfAt` is its middle. */
function firstClose({ params }: State, { body }: Need, { phase, halfAt }: Committee): number | null {
  if (phase !== 'voting' || halfAt === null) return null;
  return halfAt - Math.ceil(Math.max(params.answerMs, body.windows.answerMs) / 2);
}

/** A bid that cannot win now, whatever others bid, and why. */
export interface Fault {
  readonly id: EnvelopeId;
  readonly code: 'cap_sealed' | 'over_cap' | 'unfit' | 'bond_lacking';
  /** What the law says of it; null where the code says all. */
  readonly detail: string | null;
}

const fitBids = (state: State, view: Bids, need: Need): readonly Standing[] =>
  readBids(state, view, need).filter((bid): bid is Standing => !('code' in bid));

interface Read {
  readonly state: State;
  readonly position: number;
  readonly cap: Micro | null;
  readonly bids: readonly (Standing | Fault)[];
}

/** What was read of a list of proposals last: a node asks several times in one look. */
const reads = new WeakMap<readonly VerifiedEnvelope[], Read>();

/** Proposals of the round as the law reads them, in no order; of those that are no bids why. */
export function readBids(state: State, view: Bids, need: Need): readonly (Standing | Fault)[] {
  const proposals = view.proposals(need.id, need.round);
  const cap = knownCap(view, need);
  const { position } = state;
  const before = reads.get(proposals);
  if (before?.state === state && before.position === position && before.cap === cap) return before.bids;
  const byId = new Map<EnvelopeId, VerifiedEnvelope>(proposals.map((proposal) => [proposal.id, proposal]));
  const find = (id: EnvelopeId): VerifiedEnvelope | undefined => byId.get(id);
  const bids = proposals.map((proposal): Standing | Fault => {
    const { id, payload } = proposal;
    if (cap === null) return { id, code: 'cap_sealed', detail: null };
    if (payload.verb === 'PROPOSE' && payload.body.price > cap) return { id, code: 'over_cap', detail: null };
    const bid = readProposal(state, need, proposal, { find, cap, wasSealed: () => true });
    if (typeof bid === 'string') return { id, code: 'unfit', detail: bid };
    if (!canBond(state, need, bid)) return { id, code: 'bond_lacking', detail: null };
    const turn = turnOf(proposal, find, state.params.bidTurns);
    return { ...bid, entity: entityOf(state, bid.lead), turn, at: view.bidHeardAt(need.id, bid.id) };
  });
  reads.set(proposals, { state, position, cap, bids });
  return bids;
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
  if (me.acceptsPlansOf !== null || need.body.auction === 'sealed') return [];
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
