import type { Did } from '@canswarm/protocol';
import { allWeights, poolOf } from './pool.ts';
import type { State } from './state.ts';

interface Clockhand {
  readonly reported: number;
  readonly weight: number;
}

/**
 * Log time after some verifiers report anew: the largest t that verifiers with more than half of the counted weight
 * have reported. A verifier that lags more than `staleMs` behind log time is not counted, but never more than a third
 * of all weight is left out: so a bundler that keeps honest reports out cannot shrink the electorate step by step. A
 * step over `bigStepMs` needs two thirds. Never before `state.time`. Source: `spec/05-committees.md`, time.
 */
export function advancedTime(state: State, raised: ReadonlyMap<Did, number>): number {
  const hands = clockhands(state, raised);
  if (hands.length === 0) return Math.max(state.time, raised.get(state.authority) ?? state.time);
  const all = hands.reduce((sum, hand) => sum + hand.weight, 0);
  const fresh = hands.reduce(
    (sum, hand) => sum + (hand.reported >= state.time - state.params.staleMs ? hand.weight : 0),
    0,
  );
  const counted = Math.max(fresh, Math.ceil((2 * all) / 3));
  const byHalf = reached(hands, Math.floor(counted / 2) + 1);
  const byTwoThirds = reached(hands, Math.ceil((2 * counted) / 3));
  const unhurried = Math.max(state.time + state.params.bigStepMs, byTwoThirds);
  return Math.max(state.time, Math.min(byHalf, unhurried));
}

/** The largest t reported by hands of at least `weight` together; 0 when there is none. */
function reached(hands: readonly Clockhand[], weight: number): number {
  let sum = 0;
  for (const hand of hands) {
    sum += hand.weight;
    if (sum >= weight) return hand.reported;
  }
  return 0;
}

/** Active verifiers, the latest report first; an entity's weight is shared by its keys in proportion to stake. */
function clockhands(state: State, raised: ReadonlyMap<Did, number>): Clockhand[] {
  const hands = allWeights(poolOf(state)).map(({ did, weight }) => {
    const reported = Math.max(state.members.get(did)?.reported ?? 0, raised.get(did) ?? 0);
    return { weight, reported };
  });
  return hands.sort((a, b) => b.reported - a.reported);
}
