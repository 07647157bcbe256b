import type { ChallengeBody, ProofClass, VerifiedEntry } from '@canswarm/protocol';
import type { Context } from '../context.ts';
import type { Commit, Need, PlanSeat, Seat } from '../state.ts';

/** A proof as it is opened: against a commit, or with none against votes on the plan of the need. */
export interface Opened {
  readonly commit: Commit | null;
  readonly need: Need;
  readonly body: ChallengeBody & { readonly class: ProofClass };
  readonly evidence: VerifiedEntry['evidence'];
}

/** What the kernel finds: against a seat, against a plan seat, or with neither against the result. */
export interface Judgement {
  readonly upheld: boolean;
  readonly reason: string;
  readonly seat: Seat | null;
  readonly planSeat: PlanSeat | null;
}

export type Judge = (context: Context, opened: Opened) => Judgement;

export const dismissed = (reason: string): Judgement => ({ upheld: false, reason, seat: null, planSeat: null });

export const upheld = (reason: string, seat: Seat | null = null): Judgement => ({
  upheld: true,
  reason,
  seat,
  planSeat: null,
});
