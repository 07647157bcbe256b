import { type JudgedBid, judgedBids, type State, type View } from '@canswarm/kernel';
import type { Did, NeedId, Payload, VerifiedEntry } from '@canswarm/protocol';
import type { DropCode } from './admission.ts';

/** Needs of which what was refused, and auctions that were decided, are remembered; the oldest gives way. */
const NEEDS_MAX = 512;
/** Of one need: bids of its auction, and keys that are counted for one code. */
const BIDS_MAX = 64;
const KEYS_MAX = 256;

/** Bids, or hashes of bids, that this node did not keep: why, and of how many keys. */
export interface RefusedBids {
  readonly code: DropCode;
  readonly bidders: number;
}

/** How the auction of a round stood when DECIDE came. */
export interface HeardAuction {
  readonly round: number;
  readonly bids: readonly JudgedBid[];
  readonly refused: readonly RefusedBids[];
}

/**
 * What this node knows of auctions that nothing else keeps: bids that it refused, and how bids stood when a committee had decided, since
 * what gossip brought is forgotten with the need. Nothing depends on it; it tells people why a bid lost.
 */
export class BidMemory {
  readonly #refused = new Map<NeedId, Map<DropCode, Set<Did>>>();
  readonly #auctions = new Map<NeedId, HeardAuction>();

  /** Notes that a bid on a known need was not kept. */
  noteRefused({ verb, thread, from }: Payload, { needs }: State, code: DropCode): void {
    if ((verb !== 'PROPOSE' && verb !== 'SEAL_BID') || thread === null || !TELLING.has(code)) return;
    if (needs.get(thread)?.phase !== 'bidding') return;
    const codes = this.#refused.get(thread) ?? new Map<DropCode, Set<Did>>();
    const keys = codes.get(code) ?? new Set();
    if (keys.size < KEYS_MAX) keys.add(from);
    remember(this.#refused, thread, codes.set(code, keys));
  }

  /** Why bids on a need were not kept. */
  refused(need: NeedId): readonly RefusedBids[] {
    return [...(this.#refused.get(need) ?? [])].map(([code, keys]) => ({ code, bidders: keys.size }));
  }

  /** Notes how an auction stands while an entry that is about to be applied decides it. */
  noteApplying({ envelope: { payload } }: VerifiedEntry, state: State, view: View): void {
    if (payload.verb !== 'DECIDE') return;
    const { need: id } = payload.body;
    const need = state.needs.get(id);
    if (need?.phase !== 'bidding') return;
    const { round } = need;
    const [bids, refused] = [judgedBids(state, view, need).slice(0, BIDS_MAX), this.refused(id)];
    if (bids.length > 0 || refused.length > 0) remember(this.#auctions, id, { round, bids, refused });
  }

  /** The last auction of a need that was decided while this node ran; null: it heard nothing of one. */
  auction(need: NeedId): HeardAuction | null {
    return this.#auctions.get(need) ?? null;
  }
}

/** Codes that say something of the bid, and not that it was heard before or elsewhere. */
const TELLING: ReadonlySet<DropCode> = new Set([
  'bid_unfit',
  'bond_lacking',
  'policy_denied',
  'need_policy_denied',
  'seal_unknown',
  'opening_other',
  'too_late',
  'bids_full',
]);

function remember<V>(map: Map<NeedId, V>, need: NeedId, value: V): void {
  map.delete(need);
  map.set(need, value);
  const [oldest] = map.keys();
  if (map.size > NEEDS_MAX && oldest !== undefined) map.delete(oldest);
}
