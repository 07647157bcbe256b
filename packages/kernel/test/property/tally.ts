import { REJECTION_CODES } from '../../src/context.ts';
import type { World } from '../world.ts';

/** What histories were made of: whether they are worth anything. */
export class Tally {
  histories = 0;
  entries = 0;
  /** Entries by verb and outcome: `NEED.accepted`. */
  readonly outcomes = new Map<string, number>();
  readonly codes = new Map<string, number>();
  /** Events by type, and some of them by what they say: `lease_lost.expired`. */
  readonly events = new Map<string, number>();

  add({ entries, applied }: World): void {
    const opened = new Set<string>();
    this.histories += 1;
    this.entries += entries.length;
    for (const [index, { outcome, events }] of applied.entries()) {
      const verb = entries[index]?.envelope.payload.verb ?? '';
      count(this.outcomes, `${verb}.${outcome.accepted ? 'accepted' : 'refused'}`);
      if (!outcome.accepted) count(this.codes, outcome.code);
      for (const event of events) {
        count(this.events, event.type);
        if (event.type === 'lease_lost') count(this.events, `lease_lost.${event.reason}`);
        if (event.type === 'certified') count(this.events, `certified.${event.verdict}`);
        if (event.type === 'votes_opened') opened.add(event.subject);
        if (event.type === 'certified' && opened.has(`result/${event.commit}`)) count(this.events, 'certified.sealed');
        if (event.type === 'need_closed') count(this.events, `need_closed.${event.status}`);
        if (event.type === 'challenge_judged')
          count(this.events, `challenge_judged.${event.upheld ? 'upheld' : 'dismissed'}`);
      }
    }
  }

  of(event: string): number {
    return this.events.get(event) ?? 0;
  }

  /** Codes that no entry was refused with. */
  get unreached(): readonly string[] {
    return REJECTION_CODES.filter((code) => !this.codes.has(code));
  }

  /** Every number by a name of its own. */
  metrics(): Readonly<Record<string, number>> {
    const named = (prefix: string, counts: ReadonlyMap<string, number>): [string, number][] =>
      [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, number]) => [`${prefix}.${name}`, number]);
    return {
      'properties.histories': this.histories,
      'properties.entries': this.entries,
      ...Object.fromEntries([
        ...named('verbs', this.outcomes),
        ...named('refused', this.codes),
        ...named('events', this.events),
      ]),
    };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Codes that no history can reach, and why. */
export const OUT_OF_REACH: Readonly<Record<string, string>> = {
  verb_not_logged: 'no entry of a gossip verb passes verifyEntry',
  policy_unknown: 'no payload with a policy passes its codec',
  deadline_passed: 'a lease ends with the deadline, so that nobody holds one after it',
};
