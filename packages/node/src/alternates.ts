import { HEALED_PER_NEED_MAX, isOwnBid, type Need } from '@canswarm/kernel';
import type { Did, PayloadOf, VerifiedEnvelope } from '@canswarm/protocol';
import type { DropCode } from './admission.ts';
import type { BidBook } from './bid-book.ts';
import type { VoteBook } from './vote-book.ts';

/** What was heard of a need. */
interface Heard {
  readonly bids: BidBook;
  readonly votes: VoteBook;
  readonly alternates: Map<Did, VerifiedEnvelope>;
}

/**
 * Kept where the view holds the maker's own bid and a seat's vote for it, so that bids and seats bound it: of a maker the first, and of a need
 * as many as the law keeps, of the makers that came first. Returns why it is not kept, or null.
 */
export function addAlternate(
  thread: Heard,
  envelope: VerifiedEnvelope,
  { from }: PayloadOf<'ALTERNATE'>,
  need: Need,
): DropCode | null {
  const { alternates } = thread;
  if (!isSalvageable(thread, envelope, need)) return 'bid_unfit';
  // A bid is forgotten with its round, and what the log keeps or refuses is settled: neither takes the room of another.
  for (const [maker, kept] of alternates) if (!isSalvageable(thread, kept, need)) alternates.delete(maker);
  if (alternates.has(from)) return 'older';
  if (alternates.size >= HEALED_PER_NEED_MAX) return 'alternates_full';
  alternates.set(from, envelope);
  return null;
}

/** Whether RECONCILE could yet name an alternate, as far as the view goes. */
function isSalvageable({ bids, votes }: Heard, { payload }: VerifiedEnvelope, need: Need): boolean {
  if (payload.verb !== 'ALTERNATE' || need.failed.has(payload.from)) return false;
  const { from, body } = payload;
  if (need.alternates.some(({ worker }) => worker === from)) return false;
  if (!bids.all().some((bid) => isOwnBid(bid, need, body.bid, from))) return false;
  return [...votes.all()].some(({ payload: vote }) => vote.verb === 'ATTEST_PLAN' && vote.body.winner === body.bid);
}
