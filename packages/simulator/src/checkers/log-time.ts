import type { Checker, Fault } from './checker.ts';

/** P15 bounds every end by log time, which is worth something only as long as it runs ahead of no clock of those who do no harm. */
export function logTime(fault: Fault, latest: () => number): Checker {
  return {
    properties: ['P15'],
    onEntry({ events, position }) {
      for (const event of events)
        if (event.type === 'time_advanced' && event.time > latest())
          fault('P15', `position ${position}: log time is ${event.time - latest()} ms ahead of every clock`);
    },
  };
}
