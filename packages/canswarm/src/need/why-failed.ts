import { type Attempt, isLost } from './attempts.ts';
import type { Hindrance, StandStill } from './hindrance.ts';
import type { NeedSheet } from './sheet.ts';

/** What a need that has not come to a result is judged by. */
export interface FailedFacts {
  readonly sheet: Pick<NeedSheet, 'attempts' | 'waits' | 'auction' | 'ended'>;
  /** Where it stands, as `NeedStage` says it. */
  readonly stage: string;
  readonly deadlineMs: number;
  readonly leaseMs: number;
  /** Bids heard of, in the log or by gossip. */
  readonly bids: number;
  /** Log time stands still; null: it moves. */
  readonly still: StandStill | null;
}

/** What kept a need that had bids or verifiers to wait for from a result, in order. Empty when nothing did. */
export function whyFailed({ sheet, stage, deadlineMs, leaseMs, bids, still }: FailedFacts): readonly Hindrance[] {
  const { attempts, waits, auction, ended } = sheet;
  const lost = attempts.filter(isLost).map(lostOf);
  const isOver = ended !== null;
  const late = isOver && ended.reason === 'deadline passed';
  const split = isOver && ended.reason === 'no committee agreed';
  const unchosen = bids > 0 && attempts.length === 0 && auction?.decided === true && auction.winner === null;
  return [
    ...(isOver || still === null ? [] : [{ code: 'time_stands', ...still } as const]),
    ...lost,
    ...(unchosen ? [{ code: 'none_chosen', bids } as const] : []),
    ...(waits === null || stage === 'final' ? [] : [{ code: 'seats_lacking', ...lacking(waits) } as const]),
    ...(split ? [{ code: 'no_agreement' } as const] : []),
    ...(stage === 'ready' ? [{ code: 'no_taker', tried: attempts.length } as const] : []),
    ...(late ? [{ code: 'deadline_passed', deadlineMs, leaseMs } as const] : []),
  ];
}

const lacking = ({ times, eligible }: { times: number; eligible: number }): { eligible: number; waits: number } => ({
  eligible,
  waits: times,
});

const lostOf = ({ attempt, worker, outcome, said }: Attempt): Hindrance => ({
  code: 'attempt_lost',
  attempt,
  worker,
  outcome,
  said,
});
