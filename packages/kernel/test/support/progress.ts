import { jurySubject } from '../../src/jury.ts';
import { leaseMs, planSubject, resultSubject } from '../../src/need-life.ts';
import type { Challenge, Committee, Dispute, Need, State } from '../../src/state.ts';
import type { TimerId } from '../../src/timers.ts';

/**
 * What must hold for every need to end although nobody does anything but tick (P15): whatever is open has a timer that moves it
 * on, and no timer is about what is gone. Yields what does not hold.
 */
export function* stuck(state: State): Iterable<string> {
  const has = (id: TimerId): boolean => state.timers.started.has(id) || state.timers.unstarted.has(id);
  for (const need of state.needs.values()) yield* stuckNeed(state, need, has);
  for (const committee of state.committees.values()) yield* stuckCommittee(state, committee, has);
  for (const [subject, challenges] of state.challenges) {
    if (challenges.length === 0) yield `${subject} has an empty list of challenges`;
    const classes = new Set(challenges.map((challenge) => challenge.class));
    for (const kind of classes) {
      const first = challenges.find((challenge) => challenge.class === kind);
      if (first !== undefined && first.dispute === null && !has(`opening:${first.id}`))
        yield `the ${kind} challenge of ${subject} never lapses`;
    }
    for (const { id, dispute } of challenges) if (dispute !== null) yield* stuckDispute(state, id, dispute, has);
  }
  for (const id of [...state.timers.started.keys(), ...state.timers.unstarted.keys()]) {
    if (!alive(state, id)) yield `${id} is about nothing`;
  }
  for (const subject of state.pendingDraws.keys()) {
    if (state.committees.get(subject)?.phase !== 'drawing') yield `the draw of ${subject} is for nobody`;
  }
}

type Has = (id: TimerId) => boolean;

function* stuckNeed(state: State, need: Need, has: Has): Iterable<string> {
  const plan = state.committees.has(planSubject(need.id, need.round));
  const commits = need.commits.flatMap((id) => state.commits.get(id) ?? []);
  const open = need.phase !== 'final' && !need.deadlinePassed;
  // A task of a plan has the deadline of the need.
  if ((open && need.parent === null) !== has(`deadline:${need.id}`))
    yield `${need.id} in ${need.phase} has ${open ? 'no' : 'a'} deadline`;
  if (need.phase === 'bidding' && !plan) yield `${need.id} takes bids without a committee`;
  if (need.phase === 'leased' && !has(`lease:${need.id}`)) yield `${need.id} is leased for ever`;
  if (need.phase === 'ready' && need.deadlinePassed) yield `${need.id} waits for claims after its deadline`;
  if (need.phase === 'waiting' && need.deadlinePassed) yield `${need.id} waits for tasks after its deadline`;
  const left = (need.deadlineAt ?? Number.POSITIVE_INFINITY) - state.time;
  if (
    need.phase === 'waiting' &&
    need.parent === null &&
    left >= leaseMs(state, need) &&
    need.children.every((id) => state.needs.get(id)?.phase === 'final')
  )
    yield `${need.id} waits for no task`;
  if (need.phase === 'committed' && !commits.some((commit) => commit.verdict === null))
    yield `${need.id} judges nothing`;
  if (need.phase === 'verified' && !commits.some((commit) => commit.verdict === 'pass'))
    yield `${need.id} waits for nothing`;
  const waits = commits.length > 0 || need.children.length > 0 || state.challenges.has(need.id);
  if (need.phase === 'final' && !waits) yield `${need.id} ended and stays`;
  for (const commit of commits) {
    const challenged = (state.challenges.get(commit.id)?.length ?? 0) > 0;
    if (commit.verdict !== null && !challenged && !has(`hold:${commit.id}`)) yield `${commit.id} is held for ever`;
  }
}

/** An instance is on its way to a ruling, or its ruling waits for an appeal or for the last votes. */
function* stuckDispute(state: State, id: Challenge['id'], { instance }: Dispute, has: Has): Iterable<string> {
  const subject = jurySubject(id, instance);
  const committee = state.committees.get(subject);
  if (committee === undefined) yield `nobody hears ${id}`;
  else if (committee.phase === 'certified' && !has(`appeal:${id}`) && !has(`answer:${subject}`))
    yield `${id} is ruled on and never ends`;
}

function* stuckCommittee(state: State, { subject, phase }: Committee, has: Has): Iterable<string> {
  if (phase === 'drawing' && !has(`seed:${subject}`) && !has(`seats:${subject}`)) yield `${subject} waits for no seed`;
  if (phase === 'drawing' && has(`seed:${subject}`) !== state.pendingDraws.has(subject))
    yield `${subject} draws nothing`;
  if (phase === 'bidding' && !has(`bidding:${subject}`)) yield `${subject} takes bids for ever`;
  if (phase === 'voting' && !has(`answer:${subject}`)) yield `${subject} answers for ever`;
  if (phase === 'over') yield `${subject} is over and stays`;
}

function alive(state: State, id: TimerId): boolean {
  const colon = id.indexOf(':');
  const [kind, name] = [id.slice(0, colon), id.slice(colon + 1)];
  switch (kind) {
    case 'deadline':
      return state.needs.has(name as never);
    case 'lease':
      return state.needs.get(name as never)?.lease != null;
    case 'window':
    case 'hold':
      return state.commits.has(name as never) && state.committees.has(resultSubject(name));
    case 'unbonding':
      return [...state.unbondings].some(([did, all]) => all.some(({ id: one }) => name === `${did}/${one}`));
    case 'hold_end':
      return state.escrows.has(name as never);
    case 'opening':
      return [...state.challenges.values()].flat().some((challenge) => challenge.id === name);
    case 'appeal':
      return [...state.challenges.values()].flat().some(({ id: one, dispute }) => one === name && dispute !== null);
    default:
      return state.committees.has(name as never);
  }
}
