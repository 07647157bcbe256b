import type { Did, Micro } from '@canswarm/protocol';
import { balanceOf, freeAccount, reserveAccount, stakeAccount } from './accounts.ts';
import { integerSquareRoot, mulDivFloor } from './amounts.ts';
import { countedBeside, delegatedBy, delegationsOf } from './delegations.ts';
import { JUDGING, pointsOf, standingBps } from './reputation.ts';
import type { EntityId, Member, Pool, PoolEntity, State } from './state.ts';

export const UNVERIFIED: EntityId = 'unverified';

/** The entity a key belongs to. Keys without a credential are one entity together. */
export const entityOf = (state: State, did: Did): EntityId => state.members.get(did)?.entity ?? UNVERIFIED;

/** Stake of a key's own in micro-credits: what is free to back judgements and what is reserved for some. */
export function ownStake(state: State, did: Did): Micro {
  const delegated = delegationsOf(state, did).reduce((sum, { reserved }) => sum + reserved, 0);
  return balanceOf(state.accounts, stakeAccount(did)) + balanceOf(state.accounts, reserveAccount(did)) - delegated;
}

/** Stake that a key stands with: its own, and what others put behind it as far as that counts. */
export function stakeOf(state: State, did: Did, own: Micro = ownStake(state, did)): Micro {
  const delegated = delegationsOf(state, did).reduce((sum, one) => sum + delegatedBy(state, did, one), 0);
  return own + countedBeside(state, own, delegated);
}

export const freeBalance = (state: State, did: Did): Micro => balanceOf(state.accounts, freeAccount(did));
/** Stake of a key's own that backs nothing. */
export const freeStake = (state: State, did: Did): Micro => balanceOf(state.accounts, stakeAccount(did));

/** A verifier that may be drawn and whose time counts: active, with a hash chain and the least stake of its own. */
export const isVerifier = (state: State, member: Member, own: Micro = ownStake(state, member.did)): boolean =>
  member.active && member.tip !== null && own >= state.params.minStake;

/** The pool of the present position. The object never changes; later positions get another one. */
export function poolOf(state: State): Pool {
  state.pool ??= makePool(state);
  return state.pool;
}

interface Draft {
  entity: EntityId;
  /** The least of its keys, whose place is the entity's. */
  first: Did;
  asn: number;
  region: string;
  stake: Micro;
  /** Most silences of one of its keys. */
  silences: number;
  keys: { did: Did; stake: Micro }[];
}

function makePool(state: State): Pool {
  const drafts = new Map<EntityId, Draft>();
  let active = 0;
  for (const member of state.members.values()) {
    const { did, entity, asn, region } = member;
    const own = ownStake(state, did);
    if (!isVerifier(state, member, own)) continue;
    const stake = stakeOf(state, did, own);
    active += 1;
    let draft = drafts.get(entity);
    if (draft === undefined) {
      draft = { entity, first: did, asn, region, stake: 0, silences: 0, keys: [] };
      drafts.set(entity, draft);
    } else if (did < draft.first) {
      draft.first = did;
      draft.asn = asn;
      draft.region = region;
    }
    draft.stake += stake;
    draft.silences = Math.max(draft.silences, member.silences);
    draft.keys.push({ did, stake });
  }
  for (const { keys } of drafts.values()) keys.sort((a, b) => (a.did < b.did ? -1 : 1));
  return { active, entities: weigh(state, [...drafts.values()]) };
}

/**
 * What an entity weighs before the cap: the square root of its stake, by its standing as a judge, by how far it is from being
 * inactive by silence. Keys without a credential are many, so that together they stand at the floor.
 */
function rawWeight(state: State, { entity, stake, silences }: Draft): number {
  const { params } = state;
  const points = entity === UNVERIFIED ? 0 : pointsOf(state, JUDGING, entity);
  const heard = Math.max(1, params.silencesPerEpoch - silences);
  return mulDivFloor(integerSquareRoot(stake) * standingBps(params, points), heard, params.silencesPerEpoch);
}

/** Weight of every entity, at most `weightCapBps` of all weight. */
function weigh(state: State, drafts: readonly Draft[]): PoolEntity[] {
  const ordered = [...drafts].sort((a, b) => (a.entity < b.entity ? -1 : 1));
  const raw = ordered.map((draft) => rawWeight(state, draft));
  const most = largestWeight(raw, state.params.weightCapBps);
  return ordered.map((draft, index) => ({
    entity: draft.entity,
    asn: draft.asn,
    region: draft.region,
    weight: Math.min(raw[index] ?? 0, most),
    keys: draft.keys,
  }));
}

/**
 * The largest weight with which nobody has more than `capBps` of the weight that is left after the cap. Where too few stand
 * for that, all weigh as much as the least of them. Source: `spec/05-committees.md`, weight.
 */
function largestWeight(raw: readonly number[], capBps: number): number {
  const falling = [...raw].sort((a, b) => b - a);
  let below = raw.reduce((sum, weight) => sum + weight, 0);
  let shareBps = 10_000;
  for (const weight of falling) {
    const most = shareBps <= 0 ? 0 : mulDivFloor(below, capBps, shareBps);
    if (most >= weight) return most;
    below -= weight;
    shareBps -= capBps;
  }
  return falling.at(-1) ?? 0;
}

export interface KeyWeight {
  readonly did: Did;
  readonly weight: number;
}

/** Pools never change: what is worked out of one is worked out once. */
function onceOf<Made, Value>(make: (value: Value & WeakKey) => Made): (value: Value & WeakKey) => Made {
  const known = new WeakMap<WeakKey, Made>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const made = make(value);
    known.set(value, made);
    return made;
  };
}

/** The keys of a pool. */
export const keysOf = onceOf(
  ({ entities }: Pool): ReadonlySet<Did> => new Set(entities.flatMap(({ keys }) => keys.map(({ did }) => did))),
);

/** A key's part of its entity's weight, in proportion to stake; the parts of all keys of an entity add up to it. */
export const keyWeights = onceOf(partsOf);

/** The weights of all keys of a pool, entity by entity. */
export const allWeights = onceOf(({ entities }: Pool): readonly KeyWeight[] => entities.flatMap(keyWeights));

/** The weight of each key of a pool. */
export const weightsOf = onceOf(
  (pool: Pool): ReadonlyMap<Did, number> => new Map(allWeights(pool).map(({ did, weight }) => [did, weight])),
);

function partsOf(entry: PoolEntity): readonly KeyWeight[] {
  const all = entry.keys.reduce((sum, key) => sum + key.stake, 0);
  let before = 0;
  let given = 0;
  return entry.keys.map(({ did, stake }) => {
    before += stake;
    const weight = mulDivFloor(entry.weight, before, all) - given;
    given += weight;
    return { did, weight };
  });
}
