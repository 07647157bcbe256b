import type { Plants } from '../workload/plants.ts';
import type { Checker, Fault } from './checker.ts';

/** Classes that are open only while the window of a passed result is. */
const WINDOW_CLASSES = new Set([
  'schema_violation',
  'missing_citation',
  'wrong_output',
  'unavailable',
  'semantic_contradiction',
]);

/**
 * P3: a wrong result that was challenged does not become final, an honest one survives; P12: a result is challenged only while its window
 * is open. Which results are wrong is known to whoever planted them.
 */
export function results(fault: Fault, plants: Plants): Checker {
  const wrong = new Set<string>();
  const challenged = new Set<string>();
  const windows = new Set<string>();
  return {
    properties: ['P3', 'P12'],
    onEntry({ entry, outcome, events }) {
      const { payload, id } = entry.envelope;
      if (
        outcome.accepted &&
        payload.verb === 'COMMIT' &&
        payload.body.outputs.some(({ cid }) => plants.outputs.has(cid))
      )
        wrong.add(id);
      // The window is open from the pass on, before its period starts. A seal is judged by it as it is once the timers of its entry ran.
      for (const event of events) {
        if (event.type === 'window_closed') windows.delete(event.commit);
        else if (event.type === 'certified' && event.verdict === 'pass') windows.add(event.commit);
        else if (event.type === 'finalized' && challenged.has(event.commit))
          fault('P3', `${event.commit} is wrong, was proved so, and is final`);
        else if (event.type === 'certified' && event.verdict === 'fail' && !wrong.has(event.commit))
          fault('P3', `${event.commit} is right, and its seats failed it`);
        else if (event.type === 'challenge_judged' && WINDOW_CLASSES.has(event.class)) {
          const isWrong = wrong.has(event.subject);
          if (event.upheld && !isWrong) fault('P3', `${event.subject} is right and overturned: ${event.reason}`);
          if (event.upheld) challenged.add(event.subject);
        }
        if (event.type === 'challenge_sealed' && WINDOW_CLASSES.has(event.class) && !windows.has(event.subject))
          fault('P12', `${event.subject} is challenged for ${event.class} outside of its window`);
      }
    },
  };
}
