import { ownStake, standsWith } from './delegations.ts';
import { floorOf } from './ledger.ts';
import { JUDGE, points, standing } from './reputation.ts';
import type { Model, PoolRow } from './tables.ts';

export const entityOf = (model: Model, did: string): string => model.members.get(did)?.entity ?? 'unverified';

/** Every key that may be drawn now and whose time counts: active, with a chain and the least stake of its own, by did. */
export function verifiers(model: Model): readonly PoolRow[] {
  const rows: PoolRow[] = [];
  for (const did of [...model.members.keys()].sort()) {
    const member = model.members.get(did);
    if (member === undefined || !member.active || member.tip === null) continue;
    if (ownStake(model, did) < model.params.minStake) continue;
    const stake = standsWith(model, did);
    const { entity, asn, region } = member;
    const first = rows.find((row) => row.entity === entity);
    // An entity stands where its first key stands.
    rows.push({ did, entity, asn: first?.asn ?? asn, region: first?.region ?? region, stake });
  }
  return rows;
}

/** The greatest r with r * r <= value, found from below. */
function squareRoot(value: number): number {
  let root = Math.floor(Math.sqrt(value));
  while (root * root > value) root -= 1;
  while ((root + 1) * (root + 1) <= value) root += 1;
  return root;
}

/** The most that an entity may weigh: the greatest weight that is within the cap if all that weigh more are cut to it. */
function mostWeight(weights: readonly number[], capBps: number): number {
  const holds = (most: number): boolean => {
    const all = weights.reduce((sum, weight) => sum + Math.min(weight, most), 0);
    return most * 10_000 <= all * capBps;
  };
  let most = 0;
  for (let step = 2 ** 42; step >= 1; step /= 2) if (holds(most + step)) most += step;
  return most > 0 ? most : Math.min(...weights);
}

/** The weight of every verifier: its part, by stake, of what its entity weighs. */
function weights(model: Model): readonly { did: string; weight: number }[] {
  const keys = verifiers(model);
  const entities = [...new Set(keys.map(({ entity }) => entity))];
  const stakeOf = (entity: string): number =>
    keys.filter((key) => key.entity === entity).reduce((sum, key) => sum + key.stake, 0);
  const raw = entities.map((entity) => {
    const worth = entity === 'unverified' ? 0 : points(model, JUDGE, entity);
    const silences = keys
      .filter((key) => key.entity === entity)
      .map(({ did }) => model.members.get(did)?.silences ?? 0);
    const { silencesPerEpoch } = model.params;
    const heard = Math.max(1, silencesPerEpoch - Math.max(...silences));
    return floorOf(squareRoot(stakeOf(entity)) * standing(model, worth), heard, silencesPerEpoch);
  });
  const most = mostWeight(raw, model.params.weightCapBps);
  return entities.flatMap((entity, index) => {
    const weight = Math.min(raw[index] ?? 0, most);
    const all = stakeOf(entity);
    let before = 0;
    return keys
      .filter((key) => key.entity === entity)
      .map(({ did, stake }) => {
        const part = floorOf(weight, before + stake, all) - floorOf(weight, before, all);
        before += stake;
        return { did, weight: part };
      });
  });
}

/** Log time once some verifiers have reported anew: what spec 5.2 says, tried for every time that anybody reported. */
export function timeAfter(model: Model, raised: ReadonlyMap<string, number>): number {
  const { time, params, genesis } = model;
  const hands = weights(model).map(({ did, weight }) => {
    const reported = Math.max(model.members.get(did)?.reported ?? 0, raised.get(did) ?? 0);
    return { weight, reported };
  });
  if (hands.length === 0) return Math.max(time, raised.get(genesis.authority) ?? time);
  const sumOf = (some: readonly { weight: number }[]): number => some.reduce((sum, { weight }) => sum + weight, 0);
  const fresh = sumOf(hands.filter(({ reported }) => reported >= time - params.staleMs));
  const counted = Math.max(fresh, Math.ceil((2 * sumOf(hands)) / 3));
  const reachedBy = (weight: number): number =>
    Math.max(
      0,
      ...hands
        .map(({ reported }) => reported)
        .filter((at) => sumOf(hands.filter(({ reported }) => reported >= at)) >= weight),
    );
  const half = reachedBy(Math.floor(counted / 2) + 1);
  const twoThirds = reachedBy(Math.ceil((2 * counted) / 3));
  return Math.max(time, Math.min(half, Math.max(time + params.bigStepMs, twoThirds)));
}
