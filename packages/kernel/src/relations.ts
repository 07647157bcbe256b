import type { Did } from '@canswarm/protocol';
import { exposedBy } from './delegations.ts';
import { entityOf, ownStake } from './pool.ts';
import type { Committee, Delegation, EntityId, State } from './state.ts';

/**
 * Entities that neither judge these nor are judged by them: one has more than `relatedBps` of a key's own stake behind that key of the
 * other. What is measured is the delegate's own stake, so that no third key makes two related by going. These themselves are left out.
 * Spec: `spec/05-committees.md`, related parties.
 */
export function relatedTo(state: State, entities: readonly EntityId[]): readonly EntityId[] {
  const related = new Set<EntityId>();
  for (const [delegate, delegations] of state.delegations) {
    const below = entityOf(state, delegate);
    for (const above of weighty(state, delegate, delegations)) {
      if (entities.includes(above)) related.add(below);
      if (entities.includes(below)) related.add(above);
    }
  }
  return [...related].filter((entity) => !entities.includes(entity)).sort();
}

/** Entities whose keys together have more behind a key than that leaves unrelated. */
function weighty(state: State, delegate: Did, delegations: readonly Delegation[]): readonly EntityId[] {
  const most = (BigInt(ownStake(state, delegate)) * BigInt(state.params.relatedBps)) / 10_000n;
  const sums = new Map<EntityId, number>();
  for (const one of delegations) {
    const entity = entityOf(state, one.delegator);
    sums.set(entity, (sums.get(entity) ?? 0) + exposedBy(state, delegate, one));
  }
  return [...sums].filter(([, sum]) => BigInt(sum) > most).map(([entity]) => entity);
}

/** Whether a key of one entity sits, or sat, on a committee that is not settled and judges a key of the other. */
export function judgeOneAnother(state: State, one: EntityId, other: EntityId): boolean {
  const judges = ({ seats, parties, excluded }: Committee, seat: EntityId, party: EntityId): boolean =>
    (excluded.includes(party) || parties.some((did) => entityOf(state, did) === party)) &&
    seats.some(({ did, entity }) => entity === seat || entityOf(state, did) === seat);
  return [...state.committees.values()].some((row) => judges(row, one, other) || judges(row, other, one));
}
