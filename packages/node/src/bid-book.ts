import {
  type Bidder,
  canBond,
  entityOf,
  isRoomBeside,
  type Need,
  roomFor,
  type State,
  scoreBid,
} from '@canswarm/kernel';
import {
  type Did,
  type EnvelopeId,
  MAIN_TASK,
  type PayloadOf,
  proposalKind,
  type VerifiedEnvelope,
} from '@canswarm/protocol';

/** Proposals kept of one sender. */
const OF_SENDER_MAX = 4;
/** Kept besides, while votes speak of them or other bids rest on them. */
const RESTED_ON_MAX = 16;

interface Kept {
  readonly envelope: VerifiedEnvelope;
  readonly payload: PayloadOf<'PROPOSE'>;
  readonly score: number;
  /** Local time of its arrival, ms. */
  readonly at: number;
}

/** Whether those who would answer for a proposal have the bonds for it free. */
export function isBacked(state: State, need: Need, { from, body }: PayloadOf<'PROPOSE'>): boolean {
  const offers = body.patch.map(({ assignee, price }) => ({ worker: assignee, price }));
  return canBond(state, need, { planner: body.planner === from ? from : null, offers });
}

/**
 * The proposals of one round. A sender may better its bid but never take one back: the best of each sender stands at
 * every node that heard it, whatever came in which order and when, so that seats that disagreed at first agree in the
 * next draw. Bounded by bids per sender, and by senders of an entity and in all, of which the best stay: a flood of bids, from however
 * many keys and entities, keeps out none that is better than they.
 */
export class BidBook {
  readonly round: number;
  readonly #kept = new Map<Did, readonly Kept[]>();
  /** What is kept, in order, with the local times of arrival; null: to be made anew, since something changed. */
  #listed: { readonly all: readonly VerifiedEnvelope[]; readonly heardAt: ReadonlyMap<EnvelopeId, number> } | null =
    null;

  constructor(round: number) {
    this.round = round;
  }

  all(): readonly VerifiedEnvelope[] {
    return this.#list().all;
  }

  /** Local time at which a proposal came; 0 where it is not kept. */
  heardAt(id: EnvelopeId): number {
    return this.#list().heardAt.get(id) ?? 0;
  }

  #list() {
    if (this.#listed !== null) return this.#listed;
    const kept = [...this.#kept.values()].flat();
    this.#listed = {
      all: kept.map(({ envelope }) => envelope),
      heardAt: new Map(kept.map(({ envelope, at }) => [envelope.id, at])),
    };
    return this.#listed;
  }

  /**
   * Takes a proposal of this round. What `named` holds, votes speak of or other bids rest on, and stays: so nobody takes the ground
   * from under a bid that outdid its own. Returns why it is not kept, or null.
   */
  add(
    envelope: VerifiedEnvelope,
    payload: PayloadOf<'PROPOSE'>,
    { need, state, named, now }: { need: Need; state: State; named: () => ReadonlySet<EnvelopeId>; now: number },
  ): 'older' | 'bids_full' | null {
    const { from, body } = payload;
    const own = this.#kept.get(from) ?? [];
    if (own.some((kept) => kept.envelope.id === envelope.id)) return 'older';
    const worker = body.patch.find(({ task }) => task === MAIN_TASK)?.assignee ?? from;
    const score = scoreBid(state, need, { price: body.price, etaMs: body.etaMs, worker });
    const bid = { envelope, payload, score, at: now };
    if (own.length === 0 && !this.#makesRoom(bid, { need, state, named })) return 'bids_full';
    const falling = [...own, bid].sort(byScore);
    const kept = falling.length > OF_SENDER_MAX ? withoutSpare(falling, named()) : falling;
    if (kept === null) return 'older';
    this.#listed = null;
    this.#kept.set(from, kept);
    return kept.some((one) => one.envelope === envelope) ? null : 'older';
  }

  /** Whether there is room for one more sender, which others make. */
  #makesRoom(bid: Kept, judged: Judged): boolean {
    if (isRoomBeside(judged.state.params, this.#kept.size)) return true;
    const senders = [...this.#kept].flatMap(([did, own]) => (own[0] === undefined ? [] : [bidderOf(did, own, judged)]));
    const dropped = roomFor(judged.state.params, senders, bidderOf(bid.payload.from, [bid], judged));
    for (const did of dropped ?? []) this.#kept.delete(did);
    this.#listed = null;
    return dropped !== null;
  }
}

interface Judged {
  readonly need: Need;
  readonly state: State;
  /** What stays; made when it is asked for. */
  readonly named: () => ReadonlySet<EnvelopeId>;
}

/** A sender by what is kept of it, the best first. */
const bidderOf = (did: Did, own: readonly Kept[], { need, state, named }: Judged): Bidder => ({
  did,
  entity: entityOf(state, did),
  kind: own[0] !== undefined && proposalKind(did, own[0].payload.body) === 'plan' ? 'plan' : 'work',
  merit: [own[0]?.score ?? 0],
  id: own[0]?.envelope.id ?? '',
  backed: () => own.some(({ payload }) => isBacked(state, need, payload)),
  needed: () => own.some(({ envelope }) => named().has(envelope.id)),
});

/** Without the worst that is not named; null where all are, and they are too many. */
function withoutSpare(falling: readonly Kept[], named: ReadonlySet<EnvelopeId>): readonly Kept[] | null {
  const spare = falling.findLast((kept) => !named.has(kept.envelope.id));
  if (spare === undefined && falling.length > OF_SENDER_MAX + RESTED_ON_MAX) return null;
  return falling.filter((one) => one !== spare);
}

/** The best first; ties by id, as the kernel breaks them. */
const byScore = (a: Kept, b: Kept): number => b.score - a.score || (a.envelope.id < b.envelope.id ? -1 : 1);
