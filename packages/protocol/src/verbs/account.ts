import type { TypeOf } from '../codec/codec.ts';
import { list, nullable, record } from '../codec/composites.ts';
import { boolean, bytes32, bytes64, did, integer, link, linkAs, micro } from '../codec/scalars.ts';
import { credentialFields } from '../credential-fields.ts';
import type { EnvelopeId } from '../ids.ts';
import { POLICY_PIECES_MAX } from '../limits.ts';

/** New credits; `create` says that the account may be new. */
export const mintBody = record({ to: did, amount: micro(1), create: boolean });
export type MintBody = TypeOf<typeof mintBody>;

/** The policy of the next epoch; its evidence holds the capsule's block and, in pieces, its module. */
export const policyBody = record({ capsule: link, pieces: list(link, 1, POLICY_PIECES_MAX) });
export type PolicyBody = TypeOf<typeof policyBody>;

export const transferBody = record({ to: did, amount: micro(1), create: boolean });
export type TransferBody = TypeOf<typeof transferBody>;

/** Moves free credits of the sender to its stake. */
export const stakeBody = record({ amount: micro(1) });
export type StakeBody = TypeOf<typeof stakeBody>;

/** Takes stake of the sender out of use, its own or what it put behind `delegate`; it can be withdrawn once its period passed. */
export const unbondBody = record({ amount: micro(1), delegate: nullable(did) });

/**
 * Stake of one key behind another. The delegate says how much of the delegator's it takes at most; the delegator puts `amount` of its
 * own stake there.
 */
export const delegateBody = record({ delegator: did, delegate: did, amount: micro(0) });

/** Makes an unbonding whose period passed free; it is named by the entry that began it. */
export const withdrawBody = record({ unbonding: linkAs<EnvelopeId>() });

const YEAR_MS = 366 * 24 * 3600 * 1000;

/** Sets credits of the sender aside for another key, for a period of log time. */
export const escrowBody = record({ to: did, amount: micro(1), periodMs: integer(1, YEAR_MS), create: boolean });

/** Ends an escrow: `amount` of it goes to the other key, the rest back. It is named by the entry that began it. */
export const settleBody = record({ escrow: linkAs<EnvelopeId>(), amount: micro(0) });

/** Leaves the pool. */
export const leaveBody = record({});

/** Longest hash chain a JOIN may commit to. */
export const CHAIN_LENGTH_MAX = 65_536;

/** Commits to the tip of a hash chain of `length` preimages, and may show whose key this is. */
export const joinBody = record({
  tip: bytes32,
  length: integer(1, CHAIN_LENGTH_MAX),
  credential: nullable(record({ ...credentialFields, issuer: did, signature: bytes64 })),
});
export type JoinBody = TypeOf<typeof joinBody>;
