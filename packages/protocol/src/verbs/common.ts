import { record } from '../codec/composites.ts';
import { integer, link, linkAs, text } from '../codec/scalars.ts';
import type { CommitId, EnvelopeId, NeedId } from '../ids.ts';
import { LEAVES_MAX } from '../limits.ts';

/** Codecs that several verbs share (`spec/02-envelopes.md`, bodies). */

export const need = linkAs<NeedId>();
export const commit = linkAs<CommitId>();
export const envelope = linkAs<EnvelopeId>();
export const fence = record({ incarnation: integer(), position: integer() });
export const artifact = record({ cid: link, leaves: integer(1, LEAVES_MAX) });
/** Name of a task of the plan; `main` is the one whose result is the need's. */
export const task = text(64);
/** Counts from the kernel: rounds, attempts, ballots, draws, intervals. */
export const count = integer(0, 2 ** 31 - 1);
export const durationMs = integer();
