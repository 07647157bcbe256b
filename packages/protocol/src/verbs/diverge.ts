import type { TypeOf } from '../codec/codec.ts';
import { list, nullable, record, refine } from '../codec/composites.ts';
import { bytes32, did, link } from '../codec/scalars.ts';
import { POLICY_PIECES_MAX } from '../limits.ts';
import { envelope } from './common.ts';

/** A member signed `vote` with another policy digest than the law's own evaluation has; its evidence is that vote. */
export const suspendBody = record({ member: did, vote: envelope });

/**
 * A suspended member decided the conformance vector of the present policy again. Its evidence holds the vector in `pieces`; `digest` is
 * `conformDigest`. Where the network has no policy there is nothing to decide: `capsule` is null, `pieces` is empty.
 */
export const conformBody = refine(
  record({ capsule: nullable(link), pieces: list(link, 0, POLICY_PIECES_MAX), digest: bytes32 }),
  ({ capsule, pieces }) => ((capsule === null) === (pieces.length === 0) ? undefined : ['wrong_value', 'pieces']),
);
export type ConformBody = TypeOf<typeof conformBody>;
