import type { Did, PayloadOf, VerifiedEnvelope } from '@canswarm/protocol';
import { type Context, isRejection, type Rejection, reject } from './context.ts';
import { chainSteps } from './hashing.ts';
import { isVerifier, keysOf, poolOf } from './pool.ts';
import type { Member, PendingDraw, State } from './state.ts';
import { TIME_MS_MAX } from './timers.ts';
import { judgeHead } from './votes.ts';

/** A preimage that a REPORT reveals. */
export interface Reveal {
  readonly from: Did;
  readonly preimage: Uint8Array;
  /** Steps of the sender's chain it takes. */
  readonly steps: number;
  /** Head position of the report: counts for draws opened at or before it. */
  readonly seen: number;
}

/** Whether some draw that waits for its seed is so. */
export function somePending({ pendingDraws }: State, isSo: (draw: PendingDraw) => boolean): boolean {
  for (const draw of pendingDraws.values()) if (isSo(draw)) return true;
  return false;
}

/** Active verifiers report time; the authority does while there is none. */
export function mayReport(state: State, did: Did): boolean {
  const member = state.members.get(did);
  if (member !== undefined && isVerifier(state, member)) return true;
  return did === state.authority && poolOf(state).active === 0;
}

/** A key that is no verifier any more, by LEAVE or UNBOND or silence, and whose reveal a draw asked for before still waits for. */
export function owesReveal(state: State, did: Did): boolean {
  const member = state.members.get(did);
  if (member === undefined || member.tip === null || member.revealsLeft === 0) return false;
  return somePending(state, (draw) => revealCounts(draw, member, state.position));
}

/** Why a TICK may not bundle this envelope, or null. A bundler leaves out what the rule would refuse. */
export function judgeReport(state: State, envelope: VerifiedEnvelope): Rejection | null {
  const { payload } = envelope;
  const { from } = payload;
  if (payload.verb !== 'REPORT') return reject('report_unfit', { from, verb: payload.verb });
  if (!mayReport(state, from) && !owesReveal(state, from))
    return reject('report_unfit', { from, why: 'neither an active verifier nor owes a reveal' });
  if (payload.body.time > TIME_MS_MAX) return reject('report_unfit', { from, time: payload.body.time });
  const head = judgeHead({ state }, envelope, 0);
  return isRejection(head) ? head : null;
}

/** The reveal in a REPORT, if it continues its sender's chain and counts for a pending draw. */
export function readReveal(
  { state, sha256 }: Pick<Context, 'state' | 'sha256'>,
  report: PayloadOf<'REPORT'>,
): Reveal | null {
  const { from, head } = report;
  const { preimage } = report.body;
  const member = state.members.get(from);
  if (preimage === null || member === undefined || member.tip === null || member.revealsLeft === 0) return null;
  const seen = head.position;
  if (!somePending(state, (draw) => revealCounts(draw, member, seen))) return null;
  const steps = chainSteps(sha256, preimage, member.tip);
  return steps > 0 && steps <= member.revealsLeft ? { from, preimage, steps, seen } : null;
}

/**
 * Whether a reveal of this key, made at head `seen`, counts for a draw: the draw was asked for by then; the key stood in its
 * pool with the chain it has now, so that nobody picks a chain after the others have revealed; its entity is unrelated to the
 * parties and has not revealed. Source: `spec/05-committees.md`, seeds.
 */
export function revealCounts(draw: PendingDraw, member: Member, seen: number): boolean {
  if (draw.position > seen || member.joinedAt >= draw.position) return false;
  if (draw.excluded.includes(member.entity) || draw.reveals.has(member.entity)) return false;
  return keysOf(draw.pool).has(member.did);
}
