import { canBond, type EntityId, entityOf, type Need, type State, scoreBid } from '@canswarm/kernel';
import {
  type Did,
  type EnvelopeId,
  MAIN_TASK,
  type PayloadOf,
  proposalKind,
  type VerifiedEnvelope,
} from '@canswarm/protocol';

/** Proposals kept of one sender; and senders of one entity, which all keys without a credential are together. */
const OF_SENDER_MAX = 4;
/** Kept besides, while votes speak of them or other bids rest on them. */
const RESTED_ON_MAX = 16;
const BIDDERS_OF_ENTITY_MAX = 64;
const PLANNERS_OF_ENTITY_MAX = 64;

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
 * next draw. Bounded by senders per entity and bids per sender: of an entity the best senders stay, so that a flood of bids keeps out none
 * that is better than they.
 */
export class BidBook {
  readonly round: number;
  readonly #kept = new Map<Did, readonly Kept[]>();

  constructor(round: number) {
    this.round = round;
  }

  all(): readonly VerifiedEnvelope[] {
    return [...this.#kept.values()].flatMap((own) => own.map(({ envelope }) => envelope));
  }

  /** Local time at which a proposal came; 0 where it is not kept. */
  heardAt(id: EnvelopeId): number {
    const all = [...this.#kept.values()].flat();
    return all.find(({ envelope }) => envelope.id === id)?.at ?? 0;
  }

  /**
   * Takes a proposal of this round. What `named` holds, votes speak of or other bids rest on, and stays: so nobody takes the ground
   * from under a bid that outdid its own. Returns why it is not kept, or null.
   */
  add(
    envelope: VerifiedEnvelope,
    payload: PayloadOf<'PROPOSE'>,
    { need, state, named, now }: { need: Need; state: State; named: ReadonlySet<EnvelopeId>; now: number },
  ): 'older' | 'bids_full' | null {
    const { from, body } = payload;
    const own = this.#kept.get(from) ?? [];
    if (own.some((kept) => kept.envelope.id === envelope.id)) return 'older';
    const worker = body.patch.find(({ task }) => task === MAIN_TASK)?.assignee ?? from;
    const score = scoreBid(state, need, { price: body.price, etaMs: body.etaMs, worker });
    const bid = { envelope, payload, score, at: now };
    if (own.length === 0 && !this.#makesRoom(bid, { need, state, named })) return 'bids_full';
    const falling = [...own, bid].sort(byScore);
    const spare = falling.findLast((kept) => !named.has(kept.envelope.id));
    if (spare === undefined && falling.length > OF_SENDER_MAX + RESTED_ON_MAX) return 'older';
    const kept = falling.length > OF_SENDER_MAX ? falling.filter((one) => one !== spare) : falling;
    this.#kept.set(from, kept);
    return kept.some((one) => one.envelope === envelope) ? null : 'older';
  }

  /** Whether an entity may have one more sender; those whose bond is gone make room first, then the worst that nothing rests on. */
  #makesRoom(bid: Kept, { need, state, named }: { need: Need; state: State; named: ReadonlySet<EnvelopeId> }): boolean {
    const { payload } = bid;
    const isPlan = proposalKind(payload.from, payload.body) === 'plan';
    const entity: EntityId = entityOf(state, payload.from);
    const alike = [...this.#kept].filter(
      ([did, [first]]) =>
        first !== undefined &&
        (proposalKind(did, first.payload.body) === 'plan') === isPlan &&
        entityOf(state, did) === entity,
    );
    if (alike.length < (isPlan ? PLANNERS_OF_ENTITY_MAX : BIDDERS_OF_ENTITY_MAX)) return true;
    const broke = alike.filter(([, own]) => !own.some((kept) => isBacked(state, need, kept.payload)));
    if (broke.length === 0) {
      const free = alike.filter(([, own]) => !own.some(({ envelope }) => named.has(envelope.id)));
      const bests = free.flatMap(([did, [best]]) => (best === undefined ? [] : [{ did, best }]));
      const [worst] = bests.sort((a, b) => byScore(b.best, a.best));
      if (worst === undefined || byScore(bid, worst.best) > 0) return false;
      broke.push([worst.did, []]);
    }
    for (const [did] of broke) this.#kept.delete(did);
    return true;
  }
}

/** The best first; ties by id, as the kernel breaks them. */
const byScore = (a: Kept, b: Kept): number => b.score - a.score || (a.envelope.id < b.envelope.id ? -1 : 1);
