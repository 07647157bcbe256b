import type { Did, Params } from '@canswarm/protocol';
import type { EntityId } from '../state.ts';

/** Keys of one entity that a node keeps of each kind; all keys without a credential are one entity. */
const BIDDERS_OF_ENTITY_MAX = 64;

/** A key that bids on a need, by the best that is known of it. */
export interface Bidder {
  readonly did: Did;
  readonly entity: EntityId;
  readonly kind: 'work' | 'plan';
  /** The larger is the better, the first number that differs decides. */
  readonly merit: readonly number[];
  /** Decides among equals: the smaller is the better. */
  readonly id: string;
  /** Whether who would answer for it has the bond free. */
  readonly backed: () => boolean;
  /** Whether votes name what it bids, or other bids rest on it. */
  readonly needed: () => boolean;
}

/** Whether there is room for one more beside so many, whoever they are. */
export const isRoomBeside = ({ biddersPerNeed }: Pick<Params, 'biddersPerNeed'>, kept: number): boolean =>
  kept < Math.min(biddersPerNeed, BIDDERS_OF_ENTITY_MAX);

/**
 * Who makes room for one more bidder of a need: nobody; those whose bond is gone; or the worst that nothing needs. Null: there is no
 * room for it. Over all entities the best of each stays before any other of its keys, since only one of an entity stands: so keys take
 * room from their own entity first, and what is left out is worse than all that is kept. Source: `spec/05-committees.md`, auctions.
 */
export function roomFor(
  { biddersPerNeed }: Pick<Params, 'biddersPerNeed'>,
  kept: readonly Bidder[],
  newcomer: Bidder,
): readonly Did[] | null {
  const alike = kept.filter(({ entity, kind }) => entity === newcomer.entity && kind === newcomer.kind);
  const crowd = alike.length >= BIDDERS_OF_ENTITY_MAX ? alike : kept;
  if (crowd === kept && kept.length < biddersPerNeed) return [];
  const broke = crowd.filter(({ backed }) => !backed());
  if (broke.length > 0) return broke.map(({ did }) => did);
  const leading = leaders([...kept, newcomer]);
  const isWorse = (a: Bidder, b: Bidder): boolean =>
    leading.has(a) === leading.has(b) ? isBetter(b, a) : leading.has(b);
  const [first, ...others] = crowd.filter(({ needed }) => !needed());
  if (first === undefined) return null;
  const worst = others.reduce((found, other) => (isWorse(other, found) ? other : found), first);
  return isWorse(worst, newcomer) ? [worst.did] : null;
}

/** The best of each entity, of each kind. */
function leaders(bidders: readonly Bidder[]): ReadonlySet<Bidder> {
  const best = new Map<string, Bidder>();
  for (const bidder of bidders) {
    const group = `${bidder.kind}/${bidder.entity}`;
    const before = best.get(group);
    if (before === undefined || isBetter(bidder, before)) best.set(group, bidder);
  }
  return new Set(best.values());
}

function isBetter(a: Bidder, b: Bidder): boolean {
  const at = a.merit.findIndex((merit, index) => merit !== b.merit[index]);
  return at === -1 ? a.id < b.id : (a.merit[at] ?? 0) > (b.merit[at] ?? 0);
}
