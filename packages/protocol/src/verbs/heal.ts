import type { TypeOf } from '../codec/codec.ts';
import { list, nullable, record, refine } from '../codec/composites.ts';
import { ARTIFACTS_MAX } from '../limits.ts';
import { artifact, envelope, need } from './common.ts';

/** Branches, and alternates, that one RECONCILE may name. */
const HEALED_MAX = 8;

/** A worker made these outputs for a need by its bid while it was cut off from the log, which did not adopt that. */
export const alternateBody = record({ need, bid: envelope, outputs: list(artifact, 1, ARTIFACTS_MAX) });
export type AlternateBody = TypeOf<typeof alternateBody>;

/**
 * Marks what became of a need where the log could not be had: `merged` is the bid that the log adopted last, `orphaned` are bids that
 * seats chose and the log did not adopt, `salvaged` the ALTERNATEs of the evidence that are kept.
 */
export const reconcileBody = refine(
  record({
    need,
    merged: nullable(envelope),
    orphaned: list(envelope, 0, HEALED_MAX),
    salvaged: list(envelope, 0, HEALED_MAX),
  }),
  ({ orphaned, salvaged }) => {
    if (new Set(orphaned).size !== orphaned.length) return ['duplicate', 'orphaned'];
    if (new Set(salvaged).size !== salvaged.length) return ['duplicate', 'salvaged'];
    return orphaned.length + salvaged.length > 0 ? undefined : ['too_short', 'orphaned'];
  },
);
export type ReconcileBody = TypeOf<typeof reconcileBody>;
