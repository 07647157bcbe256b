import type { KernelEvent } from '@canswarm/kernel';
import type { SaidVote } from './said.ts';

/** Who heard a challenge once, and what came of it. */
export interface InstanceSheet {
  readonly instance: number;
  readonly by: 'jury' | 'arbiters';
  /** Who appealed for it; null for the first, and for arbiters after a jury that gave up. */
  readonly appellant: string | null;
  readonly seats: number;
  readonly votes: readonly SaidVote[];
  readonly ruling: 'uphold' | 'dismiss' | null;
  /** Why it came to nothing. */
  readonly failed: string | null;
}

/** A challenge as the log tells it. */
export interface ChallengeSheet {
  /** Null while it goes on, or where another that was upheld made it moot. */
  readonly ended: 'upheld' | 'dismissed' | 'undecided' | 'lapsed' | null;
  readonly reason: string | null;
  readonly instances: readonly InstanceSheet[];
}

interface Named {
  readonly id: string;
  readonly subject: string;
  readonly class: string;
  readonly challenger: string;
}

interface Line {
  readonly accepted: boolean;
  readonly events: readonly KernelEvent[];
  readonly votes: readonly SaidVote[];
}

/** What entries of a need, from the challenge's seal on, say of it. */
export function challengeSheet(named: Named, lines: readonly Line[]): ChallengeSheet {
  let sheet: ChallengeSheet = { ended: null, reason: null, instances: [] };
  for (const { accepted, events, votes } of lines) {
    if (!accepted) continue;
    for (const event of events) if (sheet.ended === null) sheet = after(sheet, named, event);
    const said = votes.filter(({ subject }) => subject.startsWith(`jury/${named.id}/`));
    sheet = { ...sheet, instances: sheet.instances.map((one) => withVotes(one, named.id, said)) };
  }
  return sheet;
}

/** A vote that is recorded twice stands once. */
function withVotes(sheet: InstanceSheet, id: string, said: readonly SaidVote[]): InstanceSheet {
  const own = said.filter(({ subject }) => subject === `jury/${id}/${sheet.instance}`);
  const others = sheet.votes.filter(({ seat }) => !own.some((vote) => vote.seat === seat));
  return own.length === 0 ? sheet : { ...sheet, votes: [...others, ...own] };
}

function after(sheet: ChallengeSheet, named: Named, event: KernelEvent): ChallengeSheet {
  if (event.type === 'challenge_judged' || event.type === 'challenge_lapsed') {
    const { subject, class: kind, challenger } = event;
    if (subject !== named.subject || kind !== named.class || challenger !== named.challenger) return sheet;
    if (event.type === 'challenge_lapsed') return { ...sheet, ended: 'lapsed', reason: 'it was not opened in time' };
    const nobody = sheet.instances.length > 0 && sheet.instances.every(({ ruling }) => ruling === null);
    const ended = event.upheld ? 'upheld' : nobody ? 'undecided' : 'dismissed';
    return { ...sheet, ended, reason: event.reason };
  }
  if (!('challenge' in event) || event.challenge !== named.id) return sheet;
  const { instances } = sheet;
  switch (event.type) {
    case 'instance_opened': {
      const { instance, by, seats } = event;
      const appellant = instances.find((one) => one.instance === instance)?.appellant ?? null;
      const opened = { instance, by, appellant, seats, votes: [], ruling: null, failed: null };
      return { ...sheet, instances: [...instances.filter((one) => one.instance !== instance), opened] };
    }
    case 'appealed': {
      const { instance, appellant } = event;
      const asked = { instance, by: 'jury', appellant, seats: 0, votes: [], ruling: null, failed: null } as const;
      return { ...sheet, instances: [...instances, asked] };
    }
    case 'instance_ruled':
      return changed(sheet, event.instance, { ruling: event.ruling });
    case 'instance_failed':
      return changed(sheet, event.instance, { failed: event.reason });
    default:
      return sheet;
  }
}

const changed = (sheet: ChallengeSheet, instance: number, change: Partial<InstanceSheet>): ChallengeSheet => ({
  ...sheet,
  instances: sheet.instances.map((one) => (one.instance === instance ? { ...one, ...change } : one)),
});
