import type { Did, Micro, Sha256 } from '@canswarm/protocol';
import { lacksVerifiers } from './bootstrap.ts';
import { below, hashParts } from './hashing.ts';
import type { EntityId, PendingDraw, Pool, PoolEntity, State } from './state.ts';

/** Size of a committee: K votes decide, n = 2K - 1 seats. */
export interface CommitteeSize {
  readonly k: number;
  readonly n: number;
}

/** The size of a committee that a pool gives. */
export interface PoolSize extends CommitteeSize {
  /** Fewer than `minEligible` entities may sit: only bootstrap draws from so few. */
  readonly relaxed: boolean;
}

/** Reveals that complete a draw: `seedReveals`, in bootstrap of as many entities as may reveal at all. */
export const revealsNeeded = ({ params }: State, { bootstrap, pool, excluded }: PendingDraw): number =>
  bootstrap ? Math.max(1, Math.min(params.seedReveals, eligibleEntities(pool, excluded).length)) : params.seedReveals;

/** Entities of the pool that may sit, given those that must not. */
export const eligibleEntities = (pool: Pool, excluded: readonly EntityId[]): readonly PoolEntity[] =>
  pool.entities.filter((entry) => !excluded.includes(entry.entity));

/**
 * K = max(3, min(floor(alpha * active), target)), raised by 2 for each judged attempt before, both at most
 * floor((E - 1) / 2); null while fewer than `minEligible` entities may sit, or too few verifiers are active. In bootstrap those who
 * are there must do: K is 1 at least. Source: `spec/05-committees.md`, draws and bootstrap.
 */
export function committeeSize(
  state: State,
  pool: Pool,
  { eligible, level, bootstrap }: { readonly eligible: number; readonly level: number; readonly bootstrap: boolean },
): PoolSize | null {
  const { params } = state;
  const relaxed = bootstrap && eligible < params.minEligible;
  if (eligible === 0 || lacksVerifiers(state, pool.active, bootstrap)) return null;
  if (eligible < params.minEligible && !relaxed) return null;
  const half = Math.floor((eligible - 1) / 2);
  const base = Math.max(3, Math.min(Math.floor((pool.active * params.alphaBps) / 10_000), params.kTarget));
  const k = Math.max(1, Math.min(base + 2 * (level - 1), half));
  return { k, n: 2 * k - 1, relaxed };
}

/** Seats of the largest committee an attempt of this level can get: what its seat fees must cover. */
export const largestCommittee = (kTarget: number, level: number): number =>
  2 * (Math.max(3, kTarget) + 2 * (level - 1)) - 1;

/** Where a seat stands: what caps are counted by. */
export interface Place {
  readonly entity: EntityId;
  readonly asn: number;
  readonly region: string;
}

export interface DrawRequest {
  readonly pool: Pool;
  /** Entities that may not sit: parties, and those that sit or sat in this subject. */
  readonly barred: ReadonlySet<EntityId>;
  /** Seats held now: their ASN and region count to the caps. */
  readonly seated: readonly Place[];
  readonly seats: number;
  /** Most seats that one ASN and one region may hold. */
  readonly caps: { readonly asn: number; readonly region: number };
  readonly seed: Uint8Array;
  /** Micro-credits of free stake that a key must have to sit. */
  readonly reserve: Micro;
  freeStake(did: Did): Micro;
}

export interface DrawnSeat extends Place {
  readonly did: Did;
}

/**
 * Draws seats by weight without replacement, one seat per entity, within the caps per ASN and
 * per region. Returns null when the pool cannot fill every seat. A pure function of its arguments.
 */
export function drawSeats(request: DrawRequest, sha256: Sha256): readonly DrawnSeat[] | null {
  const { asn: asnCap, region: regionCap } = request.caps;
  const byAsn = new Map<number, number>();
  const byRegion = new Map<string, number>();
  const count = (entry: Place): void => {
    byAsn.set(entry.asn, (byAsn.get(entry.asn) ?? 0) + 1);
    byRegion.set(entry.region, (byRegion.get(entry.region) ?? 0) + 1);
  };
  const hasRoom = ({ asn, region }: Place): boolean =>
    (byAsn.get(asn) ?? 0) < asnCap && (byRegion.get(region) ?? 0) < regionCap;
  for (const seat of request.seated) count(seat);
  let open = request.pool.entities.filter(
    (entry) =>
      !request.barred.has(entry.entity) &&
      hasRoom(entry) &&
      entry.keys.some((key) => request.freeStake(key.did) >= request.reserve),
  );
  const drawn: DrawnSeat[] = [];
  for (let index = 0; index < request.seats; index += 1) {
    const entry = pick(
      open,
      (item) => item.weight,
      () => hashParts(sha256, 'can/1/pick-entity', [request.seed, index]),
    );
    if (entry === null) return null;
    const keys = entry.keys.filter((key) => request.freeStake(key.did) >= request.reserve);
    const key = pick(
      keys,
      (item) => item.stake,
      () => hashParts(sha256, 'can/1/pick-key', [request.seed, index]),
    );
    if (key === null) return null;
    count(entry);
    open = open.filter((other) => other !== entry);
    // Only the caps that this seat reached can shut others out.
    if (!hasRoom(entry)) open = open.filter(hasRoom);
    drawn.push({ did: key.did, entity: entry.entity, asn: entry.asn, region: entry.region });
  }
  return drawn;
}

function pick<Item>(items: readonly Item[], weight: (item: Item) => number, hash: () => Uint8Array): Item | null {
  const [only] = items;
  if (only !== undefined && items.length === 1) return weight(only) > 0 ? only : null;
  const total = items.reduce((sum, item) => sum + weight(item), 0);
  if (total === 0) return null;
  let left = below(hash(), total);
  for (const item of items) {
    left -= weight(item);
    if (left < 0) return item;
  }
  return null;
}
