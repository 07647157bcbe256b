import { bidSeal, capSeal, equalBytes, type Micro, type Sha256, type VerifiedEnvelope } from '@canswarm/protocol';
import type { Committee, Need } from './state.ts';

/** Whether hashes of bids are still taken: until the bid window of a round is over, whatever draws follow. */
export const takesSeals = ({ phase, seats }: Committee): boolean =>
  phase === 'bidding' || (phase === 'drawing' && seats.length === 0);

/** Whether a bid is the one that a SEAL_BID is the hash of. Source: `spec/04-verbs.md`, sealed bids. */
export function opensBid(
  { payload: seal }: VerifiedEnvelope,
  { payload: bid }: VerifiedEnvelope,
  sha256: Sha256,
): boolean {
  if (seal.verb !== 'SEAL_BID' || bid.verb !== 'PROPOSE' || bid.body.salt === null || seal.from !== bid.from)
    return false;
  if (seal.network !== bid.network || seal.body.need !== bid.body.need || seal.body.round !== bid.body.round)
    return false;
  return equalBytes(seal.body.seal, bidSeal(bid.from, bid.body, sha256));
}

/** The cap that an OPEN_CAP opens; null where it is none of the need's, or of another amount than was sealed. */
export function capOf({ body, requester }: Need, { payload }: VerifiedEnvelope, sha256: Sha256): Micro | null {
  if (payload.verb !== 'OPEN_CAP' || payload.from !== requester || body.capSeal === null) return null;
  const { cap, salt } = payload.body;
  return cap <= body.priceCap && equalBytes(body.capSeal, capSeal(requester, cap, salt, sha256)) ? cap : null;
}

/** What bids on a need may cost at most, by what is shown; null while its cap is sealed. */
export function bidCap(need: Need, shown: readonly VerifiedEnvelope[], sha256: Sha256): Micro | null {
  if (!need.capSealed) return need.pricePool;
  for (const envelope of shown) {
    const cap = capOf(need, envelope, sha256);
    if (cap !== null) return Math.min(cap, need.pricePool);
  }
  return null;
}
