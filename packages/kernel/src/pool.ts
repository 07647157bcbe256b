import type { Did, Micro } from '@canswarm/protocol';
import { integerSquareRoot, mulDivFloor } from './amounts.ts';
import { balanceOf, freeAccount, reserveAccount, stakeAccount } from './ledger.ts';
import type { EntityId, Member, Pool, PoolEntity, State } from './state.ts';

export const UNVERIFIED: EntityId = 'unverified';

/** The entity a key belongs to. Keys without a credential are one entity together. */
export const entityOf = (state: State, did: Did): EntityId => state.members.get(did)?.entity ?? UNVERIFIED;

/** Stake of one key in micro-credits: what is free to back judgements and what is reserved for some. */
export function stakeOf(state: State, did: Did): Micro {
  return balanceOf(state.accounts, stakeAccount(did)) + balanceOf(state.accounts, reserveAccount(did));
}

export const freeBalance = (state: State, did: Did): Micro => balanceOf(state.accounts, freeAccount(did));
export const freeStake = (state: State, did: Did): Micro => balanceOf(state.accounts, stakeAccount(did));

/** A verifier that may be drawn and whose time counts. */
export const isVerifier = (member: Member): boolean => member.active && member.tip !== null;

/** The pool of the present position. The object never changes; later positions get another one. */
export function poolOf(state: State): Pool {
  state.pool ??= makePool(state);
  return state.pool;
}

interface Draft {
  entity: EntityId;
  asn: number;
  region: string;
  stake: Micro;
  keys: { did: Did; stake: Micro }[];
}

function makePool(state: State): Pool {
  const drafts = new Map<EntityId, Draft>();
  let active = 0;
  for (const member of [...state.members.values()].sort((a, b) => (a.did < b.did ? -1 : 1))) {
    if (!isVerifier(member)) continue;
    const stake = stakeOf(state, member.did);
    if (stake === 0) continue;
    active += 1;
    const { entity, asn, region } = member;
    const draft = drafts.get(entity) ?? { entity, asn, region, stake: 0, keys: [] };
    draft.stake += stake;
    draft.keys.push({ did: member.did, stake });
    drafts.set(entity, draft);
  }
  return { active, entities: weigh([...drafts.values()], state.params.weightCapBps) };
}

/** Weight: the square root of an entity's stake, at most `capBps` of all weight before the cap, at least 1. */
function weigh(drafts: readonly Draft[], capBps: number): PoolEntity[] {
  const ordered = [...drafts].sort((a, b) => (a.entity < b.entity ? -1 : 1));
  const raw = ordered.map((draft) => integerSquareRoot(draft.stake));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const cap = Math.max(1, mulDivFloor(total, capBps, 10_000));
  return ordered.map((draft, index) => ({
    entity: draft.entity,
    asn: draft.asn,
    region: draft.region,
    weight: Math.max(1, Math.min(raw[index] ?? 0, cap)),
    keys: draft.keys,
  }));
}
