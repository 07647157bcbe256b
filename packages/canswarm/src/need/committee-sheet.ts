import type { KernelEvent } from '@canswarm/kernel';

/** A place in a committee. */
export interface SeatSheet {
  readonly did: string;
  /** What it voted, as far as is known. */
  readonly vote: string | null;
  readonly silent: boolean;
}

/** A drawn committee. */
export interface CommitteeSheet {
  /** What it judges: `plan/NEED/ROUND` or `result/COMMIT`. */
  readonly subject: string;
  /** Votes of another ballot count no more. */
  readonly ballot: number;
  readonly seats: readonly SeatSheet[];
  /** Recorded votes that say the same, at most. */
  readonly matching: number;
  /** What was decided; null before. */
  readonly verdict: string | null;
  /** Whether seats are being drawn. */
  readonly drawing: boolean;
}

/** The committee that an event speaks of; null when of none. Challenges name a subject too, which is a commit. */
export function subjectOf(event: KernelEvent): string | null {
  if (!('subject' in event)) return null;
  const subject: string = event.subject;
  return subject.startsWith('plan/') || subject.startsWith('result/') ? subject : null;
}

export const isPlan = (subject: string): boolean => subject.startsWith('plan/');

/** A committee after an event that speaks of it, or the new one that it begins. */
export function committeeAfter(before: CommitteeSheet | null, event: KernelEvent): CommitteeSheet | null {
  switch (event.type) {
    case 'draw_pending':
      // A new ballot asks other seats; another draw of the same one only fills places of silent seats.
      return before?.subject === event.subject && before.ballot === event.ballot
        ? { ...before, drawing: true }
        : { subject: event.subject, ballot: event.ballot, seats: [], matching: 0, verdict: null, drawing: true };
    case 'seated': {
      if (before === null) return null;
      const others = before.seats.filter(({ did }) => did !== event.did);
      return { ...before, drawing: false, seats: [...others, { did: event.did, vote: null, silent: false }] };
    }
    case 'seat_silent':
      return withSeat(before, event.did, { silent: true });
    case 'votes_recorded':
      return before === null ? null : { ...before, matching: event.matching };
    default:
      return before;
  }
}

function withSeat(before: CommitteeSheet | null, did: string, change: Partial<SeatSheet>): CommitteeSheet | null {
  if (before === null) return null;
  return { ...before, seats: before.seats.map((seat) => (seat.did === did ? { ...seat, ...change } : seat)) };
}
