import {
  type Bidder,
  canTake,
  entityOf,
  freeBalance,
  identityOf,
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

  /** Whether there is room for one more key, which others make. */
  #makesRoom(from: Did, id: string, need: Need, state: State): boolean {
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
