import type { CommitId, EnvelopeId, NeedId } from '@canswarm/protocol';
import { lapseChallenge } from './challenges.ts';
import { chargeSilence, freeReserve, punishSilence, requestDraw, seatedOf, startAnswers } from './committee.ts';
import type { Context } from './context.ts';
import { concludeDispute, endHearing, failInstance } from './disputes.ts';
import { settleEscrow } from './escrows.ts';
import { invariant } from './invariant.ts';
import { type Disputed, disputeBefore } from './jury.ts';
import { closeNeed, endPlanBond, loseLease, needOf, reopenOrExpire } from './need-life.ts';
import { mayOpen, openVotes } from './seals.ts';
import { endUnbonding } from './stake-exit.ts';
import type { Commit, Committee, PendingDraw, State, SubjectId } from './state.ts';
import type { TimerId, TimerKind } from './timers.ts';
import { abandonJudgement, settleSeats } from './verdict.ts';

/** What happens when a kernel timer passes, by kind. Source: `spec/05-committees.md`, timers. */
const HANDLERS: Readonly<Record<TimerKind, (context: Context, name: string) => void>> = {
  deadline: (context, name) => passDeadline(context, name as NeedId),
  bidding: (context, name) => closeBidding(context, committeeOf(context, name)),
  half: (context, name) => openRecording(context, committeeOf(context, name)),
  answer: (context, name) => endAnswers(context, committeeOf(context, name)),
  seed: (context, name) => missReveals(context, name as SubjectId),
  seats: (context, name) => requestDraw(context, committeeOf(context, name)),
  lease: (context, name) => loseLease(context, needOf(context.state, name as NeedId), 'expired', 0),
  window: (context, name) => closeWindow(context, commitOf(context, name)),
  hold: (context, name) => passHold(context, commitOf(context, name)),
  opening: (context, name) => lapseChallenge(context, name as EnvelopeId),
  appeal: (context, name) => concludeDispute(context, disputeNamed(context.state, name as EnvelopeId)),
  unbonding: (context, name) => endUnbonding(context, name),
  hold_end: (context, name) => settleEscrow(context, name as EnvelopeId, 0),
};

/** Fires every timer due at the present log time, by (deadline, id). */
export function fireTimers(context: Context): void {
  const { state } = context;
  const rule = context.rule;
  for (let id = state.timers.takeDue(state.time); id !== null; id = state.timers.takeDue(state.time)) {
    const [kind, name] = splitTimer(id);
    context.rule = `timer:${kind}`;
    HANDLERS[kind](context, name);
  }
  context.rule = rule;
}

/** Splits a timer's name at its first colon. */
export function splitTimer(id: TimerId): readonly [TimerKind, string] {
  const colon = id.indexOf(':');
  return [id.slice(0, colon) as TimerKind, id.slice(colon + 1)];
}

function committeeOf(context: Context, name: string): Committee {
  const committee = context.state.committees.get(name as SubjectId);
  invariant('INV-TIMER', committee !== undefined, `a timer of ${name} outlived it`);
  return committee;
}

function commitOf(context: Context, name: string): Commit {
  const commit = context.state.commits.get(name as CommitId);
  invariant('INV-TIMER', commit !== undefined, `a timer of ${name} outlived it`);
  return commit;
}

function disputeNamed({ challenges }: State, id: EnvelopeId): Disputed {
  const found = [...challenges.values()].flat().find((challenge) => challenge.id === id);
  invariant('INV-TIMER', found?.dispute != null, `the appeal period of ${id} outlived it`);
  return found as Disputed;
}

function passDeadline(context: Context, id: NeedId): void {
  const need = needOf(context.state, id);
  const children = need.children.map((child) => needOf(context.state, child));
  for (const one of [need, ...children]) one.deadlinePassed = true;
  // Who divided the work answers for a task that nobody ever took.
  const open = need.plan?.tasks.filter(({ status }) => status === 'open') ?? [];
  if (open.some((task) => needOf(context.state, task.need).attempt === 0)) endPlanBond(context, need, 'bond_burned');
  if (need.phase === 'bidding' || need.phase === 'waiting' || need.phase === 'ready')
    closeNeed(context, need, 'expired', 'deadline passed');
}

function closeBidding(context: Context, committee: Committee): void {
  const need = needOf(context.state, committee.need);
  context.emit({ type: 'bidding_closed', need: need.id, round: need.round });
  startAnswers(context, committee, answerMs(context, committee));
}

/** From half the answer period on, votes short of K are recorded, so that nobody who voted counts as silent. */
function openRecording(context: Context, committee: Committee): void {
  context.emit({ type: 'recording_opened', subject: committee.subject });
}

/** The answer period of a committee: the need's, never below the network's; whoever is to fetch bytes has time for that besides. */
export function answerMs({ state }: Context, committee: Committee): number {
  const own = Math.max(state.params.answerMs, needOf(state, committee.need).body.windows.answerMs);
  const fetches = committee.challenge !== null && disputeBefore(state, committee).class === 'unavailable';
  return fetches ? own + state.params.juryFetchMs : own;
}

/** The answer period ended: unrecorded seats are freed, and without a certificate the lacking ones are redrawn. */
function endAnswers(context: Context, committee: Committee): void {
  const { state } = context;
  const seated = seatedOf(committee);
  const sealing = committee.sealed && committee.phase === 'voting';
  const silent = seated.filter((seat) => (sealing ? seat.seal : seat.vote) === null);
  // Who sealed owes the opening, whether it is needed or not: else a seat would seal anything and wait for what others say.
  if (committee.phase === 'certified' && !committee.sealed) {
    for (const seat of silent) freeReserve(context, committee, seat);
    if (committee.challenge !== null) endHearing(context, committee);
    return;
  }
  if (!committee.drawn) {
    failInstance(context, committee, 'no majority of arbiters');
    return;
  }
  const fee = needOf(state, committee.need).body.seatFee;
  for (const seat of silent) punishSilence(context, committee, seat, fee);
  if (committee.phase === 'certified') return;
  if (sealing && mayOpen(committee)) {
    openVotes(context, committee);
    return;
  }
  if (committee.redraws >= state.params.maxRedraws) {
    giveUp(context, committee, 'no committee agreed');
    return;
  }
  committee.redraws += 1;
  committee.draw += 1;
  // Votes that were opened are known to whoever would be drawn for the seats that lack.
  if (committee.phase === 'opening' || seated.length - silent.length >= committee.n) {
    for (const seat of seatedOf(committee)) {
      freeReserve(context, committee, seat);
      seat.status = 'void';
    }
    committee.ballot += 1;
  }
  requestDraw(context, committee);
}

/** A committee cannot be had: bidding reopens once, a result is paid as undecidable, a dispute goes on without this jury. */
export function giveUp(context: Context, committee: Committee, reason: string): void {
  if (committee.challenge !== null) {
    failInstance(context, committee, reason);
    return;
  }
  const commit = context.state.commits.get(committee.target as CommitId);
  if (commit === undefined) reopenOrExpire(context, needOf(context.state, committee.need), reason);
  else abandonJudgement(context, commit);
}

/**
 * A seed stayed unrevealed: every verifier of the pool that could have revealed is silent. The draw is asked for anew, with
 * the pool of now, since that of before may be gone; as often as a committee may wait for seats, then it is given up.
 */
function missReveals(context: Context, subject: SubjectId): void {
  const { state } = context;
  const pending = state.pendingDraws.get(subject);
  invariant('INV-TIMER', pending !== undefined, `the seed of ${subject} is not pending`);
  const committee = committeeOf(context, subject);
  const fee = needOf(state, committee.need).body.seatFee;
  for (const did of unrevealed(pending)) {
    const member = state.members.get(did);
    // One reveal serves every seed that waits, so that missing several at once is one silence.
    if (member === undefined || member.missedAt === context.position) continue;
    member.missedAt = context.position;
    chargeSilence(context, subject, did, fee);
  }
  committee.waits += 1;
  if (committee.waits > state.params.maxWaits) giveUp(context, committee, 'no seed was revealed');
  else requestDraw(context, committee);
}

const unrevealed = ({ pool, excluded, reveals }: PendingDraw) =>
  pool.entities
    .filter(({ entity }) => !excluded.includes(entity) && !reveals.has(entity))
    .flatMap((entry) => entry.keys.map((key) => key.did));

function closeWindow(context: Context, commit: Commit): void {
  commit.windowClosed = true;
  context.emit({ type: 'window_closed', commit: commit.id });
}

function passHold(context: Context, commit: Commit): void {
  commit.holdPassed = true;
  settleSeats(context, commit);
}
