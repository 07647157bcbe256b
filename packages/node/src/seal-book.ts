import {
  type Bidder,
  canTake,
  entityOf,
  freeBalance,
  identityOf,
  isRoomBeside,
  type Need,
  pointsOf,
  roomFor,
  type State,
  stakeOf,
  workDomain,
} from '@canswarm/kernel';
import { type Did, equalBytes, type PayloadOf, type VerifiedEnvelope } from '@canswarm/protocol';

interface Kept {
  readonly envelope: VerifiedEnvelope;
  readonly payload: PayloadOf<'SEAL_BID'>;
  /** Another hash by the same key: then neither counts. */
  other: VerifiedEnvelope | null;
}

/** Whether a key could take the task: who could not is not kept. */
export const mayWork = (state: State, need: Need, did: Did): boolean =>
  !need.failed.has(did) && canTake(state, need, did);

/**
 * The hashes of bids of one round of a sealed auction. What comes after the window counts only at a node that heard none in it, since it
 * was away. A key that sealed two bids could open the one that suits: none of it counts. Bounded by keys of an entity and in all.
 */
export class SealBook {
  readonly round: number;
  readonly #kept = new Map<Did, Kept>();
  /** Bids that came before the seals that they open, one a key. */
  readonly #waiting = new Map<Did, VerifiedEnvelope>();
  #wasAway = false;

  constructor(round: number) {
    this.round = round;
  }

  *all(): Iterable<VerifiedEnvelope> {
    for (const { envelope, other } of this.#kept.values()) {
      yield envelope;
      if (other !== null) yield other;
    }
  }

  counting(): readonly VerifiedEnvelope[] {
    return [...this.#kept.values()].filter(({ other }) => other === null).map(({ envelope }) => envelope);
  }

  /** The seal of a key that counts, or undefined. */
  of(did: Did): VerifiedEnvelope | undefined {
    const kept = this.#kept.get(did);
    return kept?.other === null ? kept.envelope : undefined;
  }

  /** Takes a seal of this round; `inTime`: the window is not over. Returns why it is not kept, or null. */
  add(
    envelope: VerifiedEnvelope,
    payload: PayloadOf<'SEAL_BID'>,
    { need, state, inTime }: { need: Need; state: State; inTime: boolean },
  ): 'older' | 'too_late' | 'bids_full' | null {
    if (!inTime && !this.#wasAway) {
      if (this.#kept.size > 0) return 'too_late';
      this.#wasAway = true;
    }
    const { from, body } = payload;
    const before = this.#kept.get(from);
    if (before !== undefined) {
      if (before.other !== null || equalBytes(before.payload.body.seal, body.seal)) return 'older';
      before.other = envelope;
      return null;
    }
    if (!this.#makesRoom(from, envelope.id, need, state)) return 'bids_full';
    this.#kept.set(from, { envelope, payload, other: null });
    return null;
  }

  /**
   * Holds a bid whose seal is not there yet, where one may still come: at a node that was away, peers say what they hold in any order.
   * As many are held as seals are kept, of one key the first. False where no seal would count any more, or there is no room.
   */
  hold(bid: VerifiedEnvelope, { need, state }: { need: Need; state: State }): boolean {
    const { from } = bid.payload;
    if (this.#kept.size > 0 && !this.#wasAway) return false;
    if (this.#waiting.has(from) || this.#kept.has(from)) return false;
    const waiting = [...this.#waiting].map(([did, { id }]) => sealerOf(did, id, need, state));
    const dropped = roomFor(state.params, waiting, sealerOf(from, bid.id, need, state));
    for (const did of dropped ?? []) this.#waiting.delete(did);
    if (dropped !== null) this.#waiting.set(from, bid);
    return dropped !== null;
  }

  /** The bid that waited for the seal of a key, once. */
  release(did: Did): VerifiedEnvelope | null {
    const bid = this.#waiting.get(did) ?? null;
    this.#waiting.delete(did);
    return bid;
  }

  /** Whether there is room for one more key, which others make. */
  #makesRoom(from: Did, id: string, need: Need, state: State): boolean {
    if (isRoomBeside(state.params, this.#kept.size)) return true;
    const sealers = [...this.#kept].map(([did, { envelope }]) => sealerOf(did, envelope.id, need, state));
    const dropped = roomFor(state.params, sealers, sealerOf(from, id, need, state));
    for (const did of dropped ?? []) this.#kept.delete(did);
    return dropped !== null;
  }
}

/** A key that seals. A hash has no score: what its key has earned in the class, then what it owns, keeps its place. */
const sealerOf = (did: Did, id: string, need: Need, state: State): Bidder => ({
  did,
  entity: entityOf(state, did),
  kind: 'work',
  merit: [
    pointsOf(state, workDomain(need.body), identityOf(state, did)),
    freeBalance(state, did) + stakeOf(state, did),
  ],
  id,
  backed: () => mayWork(state, need, did),
  needed: () => false,
});
