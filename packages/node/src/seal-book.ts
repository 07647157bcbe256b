import { canTake, type EntityId, entityOf, type Need, type State } from '@canswarm/kernel';
import { type Did, equalBytes, type PayloadOf, type VerifiedEnvelope } from '@canswarm/protocol';

/** Keys of one entity, which all keys without a credential are together. */
const SEALERS_OF_ENTITY_MAX = 64;

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
 * was away. A key that sealed two bids could open the one that suits: none of it counts. Bounded by keys per entity.
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
    if (!this.#hasRoom(from, need, state)) return 'bids_full';
    this.#kept.set(from, { envelope, payload, other: null });
    return null;
  }

  /** Whether the entity of a key may have one more; keys whose bond is gone make room first. */
  #hasRoom(did: Did, need: Need, state: State): boolean {
    const entity: EntityId = entityOf(state, did);
    const alike = [...this.#kept.keys()].filter((other) => entityOf(state, other) === entity);
    if (alike.length < SEALERS_OF_ENTITY_MAX) return true;
    const broke = alike.filter((other) => !mayWork(state, need, other));
    for (const other of broke) this.#kept.delete(other);
    return broke.length > 0;
  }
}
