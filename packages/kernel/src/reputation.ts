import type { Did, Micro, NeedBody, Params } from '@canswarm/protocol';
import { mulDivCeil, mulDivFloor } from './amounts.ts';
import type { Context } from './context.ts';
import type { Bid, Domain, EntityId, Identity, Need, State } from './state.ts';

/** Times that a number below 2^53 can be halved before it is 0. */
const HALVINGS_MAX = 53;
const BPS = 10_000;

/** What judging earns, whatever is judged: it weighs in draws. */
export const JUDGING: Domain = 'judge';
/** What work of a class earns: a need may score bids by it. */
export const workDomain = ({ class: kind }: Pick<NeedBody, 'class'>): Domain => `work/${kind}`;

/**
 * Whose reputation a key has: its organisation's, so that more keys earn no more; a key that nobody vouches for has its own, since
 * those keys have nothing in common. Source: `spec/06-money.md`, reputation.
 */
export const identityOf = (state: State, did: Did): Identity => identityIn(state.members.get(did)?.entity, did);

const identityIn = (entity: EntityId | undefined, did: Did): Identity =>
  entity?.startsWith('org:') === true ? (entity as Identity) : did;

/** Points of an identity in a domain; 0 for who has none. */
export const pointsOf = ({ reputation }: State, domain: Domain, identity: string): Micro =>
  reputation.get(domain)?.get(identity as Identity) ?? 0;

/** Standing in basis points: the floor without points, and ever nearer to 10 000 the more there are. */
export const standingBps = ({ reputationFloorBps, reputationScale }: Params, points: Micro): number =>
  reputationFloorBps + mulDivFloor(BPS - reputationFloorBps, points, points + reputationScale);

/** What of the price is burned for reputation: of the worker's part, and of the planner's. */
export function burnOf({ reputationBurnBps }: Params, { price, workerPrice }: Pick<Bid, 'price' | 'workerPrice'>) {
  const worker = mulDivCeil(workerPrice, reputationBurnBps, BPS);
  const planner = mulDivCeil(price - workerPrice, reputationBurnBps, BPS);
  return { worker, planner, all: worker + planner };
}

const halved = (amount: Micro, times: number): Micro => Math.floor(amount / 2 ** Math.min(times, HALVINGS_MAX));

/** Maps of a domain never change, so that a need may keep what stood when its round opened. */
function put(state: State, domain: Domain, identity: Identity, points: Micro): void {
  const all = new Map(state.reputation.get(domain));
  if (points === 0) all.delete(identity);
  else all.set(identity, points);
  if (all.size === 0) state.reputation.delete(domain);
  else state.reputation.set(domain, all);
  if (domain === JUDGING) state.pool = null;
}

function earn(context: Context, domain: Domain, identity: Identity, amount: Micro): void {
  if (amount === 0) return;
  const points = pointsOf(context.state, domain, identity) + amount;
  put(context.state, domain, identity, points);
  context.emit({ type: 'reputation_earned', identity, domain, amount, points });
}

/**
 * A result is final: its worker earns half of what was burned, half as much for each time that this requester and this worker
 * settled something lately, and nothing where they are one.
 */
export function earnWork(context: Context, need: Need, bid: Bid): void {
  const { state } = context;
  const [requester, worker] = [identityOf(state, need.requester), identityOf(state, bid.worker)];
  if (requester === worker) return;
  const pair = `${requester} ${worker}`;
  const before = state.pairs.get(pair) ?? 0;
  const amount = halved(Math.floor(burnOf(state.params, bid).all / 2), before);
  if (amount === 0) return;
  state.pairs.set(pair, before + 1);
  earn(context, workDomain(need.body), worker, amount);
}

/** Seats that agreed with a pass or a fail that stands share the other half, the same for both. */
export function earnJudging(context: Context, bid: Bid, seats: readonly { did: Did; entity: EntityId }[]): void {
  const { state } = context;
  const each = Math.floor(Math.floor(burnOf(state.params, bid).all / 2) / Math.max(1, seats.length));
  if (each === 0 || seats.length === 0) return;
  // One copy for all of them: there are as many points as identities that ever judged.
  const all = new Map(state.reputation.get(JUDGING));
  for (const { did, entity } of seats) {
    const identity = identityIn(entity, did);
    const points = (all.get(identity) ?? 0) + each;
    all.set(identity, points);
    context.emit({ type: 'reputation_earned', identity, domain: JUDGING, amount: each, points });
  }
  state.reputation.set(JUDGING, all);
  state.pool = null;
}

/** Who broke a lease, failed a judgement or accused falsely loses half, rounded up. */
export function loseHalf(context: Context, domain: Domain, identity: Identity, reason: string): void {
  const points = pointsOf(context.state, domain, identity);
  if (points === 0) return;
  const left = halved(points, 1);
  put(context.state, domain, identity, left);
  context.emit({ type: 'reputation_lost', identity, domain, amount: points - left, points: left, reason });
}

/** Who is slashed loses all, in every domain. */
export function loseAll(context: Context, identity: Identity, reason: string): void {
  const { state } = context;
  for (const domain of [...state.reputation.keys()].sort()) {
    const amount = pointsOf(state, domain, identity);
    if (amount === 0) continue;
    put(state, domain, identity, 0);
    context.emit({ type: 'reputation_lost', identity, domain, amount, points: 0, reason });
  }
}

/** The identity of a seat: by the entity it sits as. */
export const seatIdentity = ({ did, entity }: { did: Did; entity: EntityId }): Identity => identityIn(entity, did);

function fadeCounts<Key>(counts: Map<Key, number>, periods: number): void {
  for (const [key, count] of [...counts]) {
    const left = halved(count, periods);
    if (left === 0) counts.delete(key);
    else counts.set(key, left);
  }
}

/** Periods of reputation that began after a log time, up to now. */
function periodsSince({ time, params }: State, before: number): number {
  const periodOf = (at: number): number => Math.floor(at / params.reputationPeriodMs);
  return periodOf(time) - periodOf(before);
}

/** Log time moved from `before`: silences are halved as reputation is, so that none weighs for ever. */
export function fadeSilences({ state }: Context, before: number): void {
  const periods = periodsSince(state, before);
  if (periods === 0) return;
  for (const member of state.members.values()) member.silences = halved(member.silences, periods);
  state.pool = null;
}

/**
 * Log time moved from `before`: points and the memory of pairs and trials are halved once for each period that began since, and what was counted of plants is forgotten. Periods are those of
 * all networks, counted from log time 0, so that it does not matter in how many steps time moves. What is 0 is forgotten.
 */
export function decayReputation(context: Context, before: number): void {
  const { state } = context;
  const periods = periodsSince(state, before);
  if (periods === 0) return;
  state.plants.clear();
  if (state.reputation.size + state.pairs.size + state.trials.size === 0) return;
  for (const [domain, all] of [...state.reputation]) {
    const left = [...all].map(([who, points]) => [who, halved(points, periods)] as const);
    const kept = new Map(left.filter(([, points]) => points > 0));
    if (kept.size === 0) state.reputation.delete(domain);
    else state.reputation.set(domain, kept);
  }
  fadeCounts(state.pairs, periods);
  fadeCounts(state.trials, periods);
  state.pool = null;
  context.emit({ type: 'reputation_decayed', periods });
}
