import type { TypeOf } from '../codec/codec.ts';
import { record } from '../codec/composites.ts';
import { bytes32, integer } from '../codec/scalars.ts';

/**
 * The log may begin its life `incarnation` at the head of this envelope, where the state has this root: what whoever signs it holds to be
 * so, and the last that it will take of the life before.
 */
export const attestStateBody = record({ incarnation: integer(), root: bytes32 });
export type AttestStateBody = TypeOf<typeof attestStateBody>;

/** Begins the life `incarnation` of the log at its head; ATTEST_STATEs of two thirds of the stake are its evidence. */
export const restartBody = record({ incarnation: integer(), root: bytes32 });
export type RestartBody = TypeOf<typeof restartBody>;
