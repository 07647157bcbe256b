import { type EntityId, entityOf, type State } from '@canswarm/kernel';
import type { VerifiedEnvelope } from '@canswarm/protocol';

/** Envelopes that wait: of one entity, which all keys without a credential are together, and of all. */
const OF_ENTITY_MAX = 64;
const ALL_MAX = 8_192;

interface Waiting {
  readonly envelope: VerifiedEnvelope;
  readonly entity: EntityId;
}

/**
 * Verified gossip whose head this node's log has not reached yet. Bounded per entity, so that keys made for the purpose
 * take room from each other only.
 *
 * Invariant: `#counts` sums up to what waits.
 */
export class EarlyGossip {
  readonly #byPosition = new Map<number, Waiting[]>();
  readonly #counts = new Map<EntityId, number>();
  #size = 0;
  #reached = 0;

  /** Keeps an envelope until its head is reached; false when the room of its entity, or all, is taken. */
  add(envelope: VerifiedEnvelope, state: State): boolean {
    const entity = entityOf(state, envelope.payload.from);
    const count = this.#counts.get(entity) ?? 0;
    if (count >= OF_ENTITY_MAX || this.#size >= ALL_MAX) return false;
    const { position } = envelope.payload.head;
    this.#byPosition.set(position, [...(this.#byPosition.get(position) ?? []), { envelope, entity }]);
    this.#counts.set(entity, count + 1);
    this.#size += 1;
    return true;
  }

  /** Takes out what this state can judge, in the order of heads. */
  due(state: State): readonly VerifiedEnvelope[] {
    if (this.#size === 0 || this.#reached === state.position) return [];
    this.#reached = state.position;
    const reached = [...this.#byPosition.keys()].filter((position) => position <= state.position).sort((a, b) => a - b);
    const due = reached.flatMap((position) => this.#byPosition.get(position) ?? []);
    for (const position of reached) this.#byPosition.delete(position);
    for (const { entity } of due) this.#release(entity);
    this.#size -= due.length;
    return due.map(({ envelope }) => envelope);
  }

  #release(entity: EntityId): void {
    const left = (this.#counts.get(entity) ?? 0) - 1;
    if (left > 0) this.#counts.set(entity, left);
    else this.#counts.delete(entity);
  }
}
