import { encodeCbor } from './cbor/encode.ts';
import { Link } from './cbor/value.ts';
import type { Sha256 } from './crypto.ts';
import { inDomain } from './domains.ts';
import type { Cid, Did, Micro } from './ids.ts';
import type { PayloadOf } from './payload.ts';
import { type ProposeBody, proposeBody } from './verbs/bidding.ts';
import { type ChallengeClaim, type ChallengeClass, claim as claimCodec } from './verbs/result.ts';
import { verbSpec } from './verbs/verbs.ts';

/** What a challenger seals before it opens. */
export interface Sealed {
  readonly challenger: Did;
  readonly subject: Cid;
  readonly class: ChallengeClass;
  /** 32 random bytes */
  readonly salt: Uint8Array;
  readonly claim: ChallengeClaim;
  /** sha256 of the evidence bytes that the opening will carry */
  readonly evidence: Uint8Array | null;
}

/** The seal (32 bytes) of a challenge: binds challenger, subject, claim and evidence, and shows none of the last three. */
export function challengeSeal(sealed: Sealed, sha256: Sha256): Uint8Array {
  const { challenger, subject, salt, claim, evidence } = sealed;
  return sha256(
    inDomain(
      'seal',
      encodeCbor([challenger, new Link(subject), sealed.class, salt, claimCodec.encode(claim), evidence]),
    ),
  );
}

/** What the mark of a need hides. */
export interface Planted {
  readonly requester: Did;
  readonly worker: Did;
  /** 32 random bytes */
  readonly salt: Uint8Array;
}

/** The mark (32 bytes) of a need that was posted to have a wrong result of `worker` judged; no other can be told from random bytes. */
export const plantMark = ({ requester, worker, salt }: Planted, sha256: Sha256): Uint8Array =>
  sha256(inDomain('plant', encodeCbor([requester, worker, salt])));

/** A vote on a result, as it is sealed and opened. */
export type SealableVote = Pick<PayloadOf<'ATTEST'>, 'verb' | 'body'> | Pick<PayloadOf<'REJECT'>, 'verb' | 'body'>;

/** The seal (32 bytes) of a vote: binds who votes, and all that the vote says with its salt. */
export function voteSeal(voter: Did, { verb, body }: SealableVote, sha256: Sha256): Uint8Array {
  return sha256(inDomain('voteSeal', encodeCbor([voter, verb, verbSpec(verb).body.encode(body)])));
}

/** The seal (32 bytes) of a bid: binds who bids, and all that the bid says with its salt. */
export function bidSeal(bidder: Did, body: ProposeBody, sha256: Sha256): Uint8Array {
  return sha256(inDomain('bidSeal', encodeCbor([bidder, proposeBody.encode(body)])));
}

/** The seal (32 bytes) of the most that a requester pays for a need. */
export function capSeal(requester: Did, cap: Micro, salt: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(inDomain('capSeal', encodeCbor([requester, cap, salt])));
}
