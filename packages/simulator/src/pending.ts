import type { State } from '@canswarm/kernel';
import type { World } from './world/world.ts';

/** What is stuck, for people: needs that are open, draws that wait, machines that lag or are down. */
export function pending({ machines, clock }: World, state: State): readonly string[] {
  const needs = [...state.needs.values()].map(({ id, phase, status, round, attempt, lease }) => {
    const held = lease === null ? 'nobody holds it' : `held by …${lease.bid.worker.slice(-6)} until ${lease.expiresAt}`;
    return `need …${id.slice(-6)}: ${status}, ${phase}, round ${round}, attempt ${attempt}, ${held}`;
  });
  const committees = [...state.committees.values()].map(({ subject, phase, seats }) => {
    const votes = seats.filter(({ vote }) => vote !== null).length;
    return `committee ${subject.slice(0, 7)}…${subject.slice(-6)}: ${phase}, ${votes} votes of ${seats.length} seats`;
  });
  const nodes = [...machines.values()].flatMap(({ name, node, failure }) => {
    if (node === null) return [`${name} is down: ${failure === null ? 'its power was cut' : String(failure)}`];
    const lag = state.position - node.state.position;
    return lag === 0 ? [] : [`${name} is ${lag} entries behind`];
  });
  return [`log time ${state.time}, clock ${clock.now()}`, ...needs, ...committees, ...nodes];
}
