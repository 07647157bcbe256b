import type { TypeOf } from '../codec/codec.ts';
import { nullable, record } from '../codec/composites.ts';
import { bytes32, integer } from '../codec/scalars.ts';

/** A verifier says that it is `time` (ms), and may reveal the next preimage of its hash chain. */
export const reportBody = record({ time: integer(), preimage: nullable(bytes32) });
export type ReportBody = TypeOf<typeof reportBody>;

/** Bundles REPORTs as evidence. */
export const tickBody = record({});
export type TickBody = TypeOf<typeof tickBody>;
