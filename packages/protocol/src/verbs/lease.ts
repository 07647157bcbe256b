import type { TypeOf } from '../codec/codec.ts';
import { nullable, record } from '../codec/composites.ts';
import { integer, link, micro, text } from '../codec/scalars.ts';
import { count, durationMs, fence, need, task } from './common.ts';

/** Takes an open task of an attempt. */
export const claimBody = record({ need, task, attempt: count, ttlMs: integer(1), cost: micro(), etaMs: durationMs });
export type ClaimBody = TypeOf<typeof claimBody>;

const held = { need, task, attempt: count, fence };

/** The holder is alive. */
export const heartbeatBody = record({ ...held, progress: nullable(link) });
export type HeartbeatBody = TypeOf<typeof heartbeatBody>;

/** A plan seat heard no heartbeat in this interval of the lease. */
export const missBody = record({ ...held, interval: count });
export type MissBody = TypeOf<typeof missBody>;

/** The holder asks for a later expiry. */
export const renewBody = record({ ...held, progress: nullable(link) });
export type RenewBody = TypeOf<typeof renewBody>;

/** The holder gives the lease back. */
export const yieldBody = record({ ...held, reason: text(256, 0) });
export type YieldBody = TypeOf<typeof yieldBody>;

/** Ends the lease of a holder that the MISS votes in its evidence found silent. */
export const releaseBody = record(held);
export type ReleaseBody = TypeOf<typeof releaseBody>;
