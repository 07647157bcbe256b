import type { CommitId } from '@canswarm/protocol';
import { requestDraw } from './committee.ts';
import type { Context } from './context.ts';
import { answerMs, splitTimer } from './fire.ts';
import { invariant } from './invariant.ts';
import { needOf } from './need-life.ts';
import type { Commit, Committee, State, SubjectId } from './state.ts';
import type { TimerId } from './timers.ts';
import { challengeMs, holdMs } from './verdict.ts';

/** Begins the next life at the position of the entry. What is open is carried over. Spec: `spec/04-verbs.md`, RESTART. */
export function beginLife(context: Context): void {
  const { state } = context;
  state.incarnation += 1;
  carryLeases(context);
  // What was revealed for them in the life before is known to all.
  for (const { subject } of [...state.pendingDraws.values()]) requestDraw(context, committeeOf(state, subject));
  for (const { id } of state.timers.list()) beginAnew(context, id);
}

/** Leases stay with their holders: under another fence, and for their whole period from the next TICK on. */
function carryLeases(context: Context): void {
  const { state, position } = context;
  for (const need of state.needs.values()) {
    const { lease } = need;
    if (lease === null) continue;
    need.lease = {
      ...lease,
      fence: { incarnation: state.incarnation, position },
      expiresAt: null,
      touched: position,
    };
    state.timers.open(`lease:${need.id}`, lease.durationMs);
    context.emit({ type: 'lease_carried', need: need.id, attempt: lease.attempt, holder: lease.bid.worker });
  }
}

/** A period in which somebody has to act begins anew with the next TICK; one that only passes runs on. */
function beginAnew(context: Context, id: TimerId): void {
  const { state } = context;
  const { params, timers } = state;
  const [kind, name] = splitTimer(id);
  switch (kind) {
    case 'bidding': {
      const { need } = committeeOf(state, name);
      return timers.open(id, Math.max(params.bidMs, needOf(state, need).body.windows.bidMs));
    }
    case 'answer':
      return answerAnew(context, committeeOf(state, name));
    case 'window':
      return timers.open(id, challengeMs(state, commitOf(state, name)));
    case 'hold':
      return timers.open(id, holdMs(state, commitOf(state, name)));
    case 'opening':
      return timers.open(id, params.openingMs);
    case 'appeal':
      return timers.open(id, params.appealMs);
    default:
      return undefined;
  }
}

/** Who is to answer has the whole period for it; what was recorded stays. */
function answerAnew(context: Context, committee: Committee): void {
  const { params, timers } = context.state;
  const { subject, phase, drawn } = committee;
  const period = drawn ? answerMs(context, committee) : params.arbiterMs;
  timers.open(`answer:${subject}`, period);
  if (!drawn || phase === 'certified') return;
  committee.halfAt = null;
  timers.open(`half:${subject}`, Math.ceil(period / 2));
}

function committeeOf({ committees }: State, subject: string): Committee {
  const committee = committees.get(subject as SubjectId);
  invariant('INV-COMMITTEE', committee !== undefined, `${subject} waits and is not there`);
  return committee;
}

function commitOf({ commits }: State, id: string): Commit {
  const commit = commits.get(id as CommitId);
  invariant('INV-TIMER', commit !== undefined, `a timer of ${id} outlived it`);
  return commit;
}
