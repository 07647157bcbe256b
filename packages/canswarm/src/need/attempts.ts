import type { BriefEvent } from '../brief/events.ts';

type Entry = Extract<BriefEvent, { type: 'entry' }>;

/** How an attempt at a task went. */
export interface Attempt {
  readonly attempt: number;
  readonly worker: string;
  readonly price: number;
  /** `working`, `judged`, `passed`, `final`, `undecidable`, or why it was lost. */
  readonly outcome: 'working' | 'judged' | 'passed' | 'final' | 'undecidable' | LossOutcome;
  readonly commit: string | null;
  /** What seats said who did not pass it, or why the worker gave it back. */
  readonly said: readonly Said[];
}

/** `by` is the seat; null: the worker itself. */
export interface Said {
  readonly by: string | null;
  readonly verdict: string;
  readonly reasons: readonly string[];
}

export type LossOutcome = 'expired' | 'yielded' | 'released' | 'failed' | 'overturned';

const LOSSES: ReadonlySet<string> = new Set(['expired', 'yielded', 'released', 'failed', 'overturned']);

/** Whether an attempt came to nothing. */
export const isLost = ({ outcome }: Attempt): boolean => LOSSES.has(outcome) || outcome === 'undecidable';

/** The attempts after one more entry. */
export function attemptsAfter(before: readonly Attempt[], entry: Entry): readonly Attempt[] {
  return heard(entry.events.reduce(changed, before), entry);
}

function changed(attempts: readonly Attempt[], event: Entry['events'][number]): readonly Attempt[] {
  switch (event.type) {
    case 'lease_granted': {
      const { attempt, holder: worker, price } = event;
      return [...attempts, { attempt, worker, price, outcome: 'working', commit: null, said: [] }];
    }
    case 'committed':
      return amended(attempts, (one) => one.attempt === event.attempt, { outcome: 'judged', commit: event.commit });
    case 'certified':
      return event.verdict === 'fail'
        ? attempts
        : amended(attempts, (one) => one.commit === event.commit, {
            outcome: event.verdict === 'pass' ? 'passed' : 'undecidable',
          });
    case 'lease_lost':
      return amended(attempts, (one) => one.attempt === event.attempt, { outcome: event.reason });
    case 'finalized':
      return amended(attempts, (one) => one.commit === event.commit, { outcome: 'final' });
    case 'undecided':
      return amended(attempts, (one) => one.commit === event.commit, { outcome: 'undecidable' });
    default:
      return attempts;
  }
}

const amended = (
  attempts: readonly Attempt[],
  is: (attempt: Attempt) => boolean,
  change: Partial<Attempt>,
): readonly Attempt[] => attempts.map((one) => (is(one) ? { ...one, ...change } : one));

/** Adds the reasons that an entry brings to the attempt that they are of. */
function heard(attempts: readonly Attempt[], { verb, votes, reasons, events }: Entry): readonly Attempt[] {
  const lost = events.find((event) => event.type === 'lease_lost');
  return attempts.map((one) => {
    const judged = one.commit === null ? [] : votes.filter(({ subject }) => subject === `result/${one.commit}`);
    const against = judged
      .filter(({ verdict, seat }) => verdict !== 'pass' && !one.said.some(({ by }) => by === seat))
      .map(({ seat, verdict, reasons: why }): Said => ({ by: seat, verdict, reasons: why }));
    const given = verb === 'YIELD' && lost?.attempt === one.attempt && reasons.length > 0;
    const own: readonly Said[] = given ? [{ by: null, verdict: 'yielded', reasons }] : [];
    return against.length + own.length === 0 ? one : { ...one, said: [...one.said, ...against, ...own] };
  });
}
