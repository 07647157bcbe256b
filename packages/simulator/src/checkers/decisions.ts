import type { Checker, Fault } from './checker.ts';

/** P1: one DECIDE takes effect per need and round. P17 aside, rounds only grow. */
export function decisions(fault: Fault): Checker {
  const decided = new Set<string>();
  const rounds = new Map<string, number>();
  return {
    properties: ['P1', 'P4'],
    onEntry({ events }) {
      for (const event of events) {
        if (event.type === 'need_decided') {
          const slot = `${event.need}/${event.round}`;
          if (decided.has(slot)) fault('P1', `round ${event.round} of ${event.need} is decided twice`);
          decided.add(slot);
          if (event.round !== (rounds.get(event.need) ?? 1))
            fault('P4', `round ${event.round} of ${event.need} is decided while ${rounds.get(event.need)} is open`);
        }
        if (event.type !== 'bidding_reopened') continue;
        if (event.round !== (rounds.get(event.need) ?? 1) + 1)
          fault('P4', `${event.need} goes from round ${rounds.get(event.need) ?? 1} to ${event.round}`);
        rounds.set(event.need, event.round);
      }
    },
  };
}
