import type { Plants } from '../workload/plants.ts';
import type { Checker, Fault } from './checker.ts';

/** Classes about a result that are proved, and those that a jury decides. Classes about votes have windows of their own. */
const PROVED = new Set(['schema_violation', 'missing_citation']);
const HEARD = new Set(['wrong_output', 'unavailable', 'semantic_contradiction']);

/**
 * P3: a wrong result that was challenged does not become final, an honest one survives; P12: a result that passed is challenged only while
 * its window is open, another one by proof only until its seats are paid. Which results are wrong is known to whoever planted them.
 */
export function results(fault: Fault, plants: Plants): Checker {
  const wrong = new Set<string>();
  const challenged = new Set<string>();
  const windows = new Set<string>();
  /** Results that did not pass and whose seats are not paid. */
  const holds = new Set<string>();
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
        if (event.type === 'certified') (event.verdict === 'pass' ? windows : holds).add(event.commit);
        if (event.type === 'window_closed') windows.delete(event.commit);
        else if (event.type === 'seats_paid') holds.delete(event.subject.replace('result/', ''));
        else if (event.type === 'finalized' && challenged.has(event.commit))
          fault('P3', `${event.commit} is wrong, was proved so, and is final`);
        else if (event.type === 'certified' && event.verdict === 'fail' && !wrong.has(event.commit))
          fault('P3', `${event.commit} is right, and its seats failed it`);
        else if (event.type === 'challenge_judged' && (PROVED.has(event.class) || HEARD.has(event.class))) {
          const isWrong = wrong.has(event.subject);
          if (event.upheld && !isWrong) fault('P3', `${event.subject} is right and overturned: ${event.reason}`);
          if (!event.upheld && isWrong && PROVED.has(event.class))
            fault('P3', `${event.subject} is wrong, and a proof of it was dismissed: ${event.reason}`);
          if (event.upheld) challenged.add(event.subject);
        }
        if (event.type !== 'challenge_sealed') continue;
        const isProved = PROVED.has(event.class);
        const isOpen = windows.has(event.subject) || (isProved && holds.has(event.subject));
        if ((isProved || HEARD.has(event.class)) && !isOpen)
          fault('P12', `${event.subject} is challenged for ${event.class} outside of its window`);
      }
    },
  };
}
