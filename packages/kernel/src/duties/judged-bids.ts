import { type EnvelopeId, MAIN_TASK, proposalKind, type VerifiedEnvelope } from '@canswarm/protocol';
import { entityOf } from '../pool.ts';
import { scoreBid } from '../scoring.ts';
import type { Need, State } from '../state.ts';
import { auctionOf, type Fault, readBids } from './auction.ts';
import type { View } from './duty.ts';

/**
 * Why a bid is not the one that a seat would vote for now: what the law says of it; another leads (`outscored`); another of its own
 * entity stands (`own_better`); its organisation has a seal that it did not open (`seals_hidden`); it came after the window, and
 * overtakes another by too little (`late`).
 */
export type LossCode = Fault['code'] | 'outscored' | 'own_better' | 'seals_hidden' | 'late';

/** A bid as a node would judge it for a seat. */
export interface JudgedBid {
  readonly id: EnvelopeId;
  readonly envelope: VerifiedEnvelope;
  /** By the need's weights, at most 10 000 x 10 000. */
  readonly score: number;
  /** Null: it leads. */
  readonly lost: { readonly code: LossCode; readonly detail: string | null } | null;
}

/** Bids of the present round: those that count, the best first, then the others, the best first. What workers only accept from planners is none. */
export function judgedBids(
  state: State,
  view: Pick<View, 'proposals' | 'bidHeardAt' | 'bidSeals' | 'capOpening'>,
  need: Need,
): readonly JudgedBid[] {
  const read = new Map(readBids(state, view, need).map((one) => [one.id, one]));
  const { ranked } = auctionOf(state, view, need);
  const rank = new Map(ranked.map(({ id }, index) => [id, index]));
  const standing = new Set(ranked.map(({ entity }) => entity));
  const opened = new Set(view.proposals(need.id, need.round).map(({ payload }) => payload.from));
  const shut = view.bidSeals(need.id, need.round).filter(({ payload }) => !opened.has(payload.from));
  const hiding = new Set(shut.map(({ payload }) => entityOf(state, payload.from)));
  const lossOf = (id: EnvelopeId): JudgedBid['lost'] => {
    const one = read.get(id);
    const at = rank.get(id);
    if (one !== undefined && 'code' in one) return { code: one.code, detail: one.detail };
    if (at !== undefined) return at === 0 ? null : { code: 'outscored', detail: null };
    if (one !== undefined && standing.has(one.entity)) return { code: 'own_better', detail: null };
    return { code: one !== undefined && hiding.has(one.entity) ? 'seals_hidden' : 'late', detail: null };
  };
  const bids = view.proposals(need.id, need.round).flatMap((envelope): readonly JudgedBid[] => {
    const { id, payload } = envelope;
    if (payload.verb !== 'PROPOSE') return [];
    const kind = proposalKind(payload.from, payload.body);
    if (kind !== 'bid' && kind !== 'plan') return [];
    const { price, etaMs, patch } = payload.body;
    const worker = patch.find(({ task }) => task === MAIN_TASK)?.assignee ?? payload.from;
    return [{ id, envelope, score: scoreBid(state, need, { price, etaMs, worker }), lost: lossOf(id) }];
  });
  const place = ({ id }: JudgedBid): number => rank.get(id) ?? ranked.length;
  return bids.sort((a, b) => place(a) - place(b) || b.score - a.score || (a.id < b.id ? -1 : 1));
}
