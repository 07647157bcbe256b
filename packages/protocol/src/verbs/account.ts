import type { TypeOf } from '../codec/codec.ts';
import { nullable, record } from '../codec/composites.ts';
import { boolean, bytes32, bytes64, did, integer, micro } from '../codec/scalars.ts';
import { credentialFields } from '../credential-fields.ts';

/** New credits; `create` says that the account may be new. */
export const mintBody = record({ to: did, amount: micro(1), create: boolean });
export type MintBody = TypeOf<typeof mintBody>;

export const transferBody = record({ to: did, amount: micro(1), create: boolean });
export type TransferBody = TypeOf<typeof transferBody>;

/** Moves free credits of the sender to its stake. */
export const stakeBody = record({ amount: micro(1) });
export type StakeBody = TypeOf<typeof stakeBody>;

/** Longest hash chain a JOIN may commit to. */
export const CHAIN_LENGTH_MAX = 65_536;

/** Commits to the tip of a hash chain of `length` preimages, and may show whose key this is. */
export const joinBody = record({
  tip: bytes32,
  length: integer(1, CHAIN_LENGTH_MAX),
  credential: nullable(record({ ...credentialFields, issuer: did, signature: bytes64 })),
});
export type JoinBody = TypeOf<typeof joinBody>;
