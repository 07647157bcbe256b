import type { Did, VerifiedEnvelope } from '@canswarm/protocol';
import { toHex } from '@canswarm/protocol';
import { watchBootstrap } from '../bootstrap.ts';
import { completeDraw, startAnswers } from '../committee.ts';
import { type Context, isRejection, type Rejection, reject } from '../context.ts';
import { revealsNeeded } from '../draw.ts';
import { answerMs, fireTimers, giveUp, splitTimer } from '../fire.ts';
import { invariant } from '../invariant.ts';
import { advancedTime } from '../log-time.ts';
import { needOf } from '../need-life.ts';
import { judgeReport, mayReport, type Reveal, readReveal, revealCounts } from '../reports.ts';
import { decayReputation, fadeSilences } from '../reputation.ts';
import type { Committee, SubjectId } from '../state.ts';
import type { Rule } from './rule.ts';

interface Reports {
  readonly raised: ReadonlyMap<Did, number>;
  readonly reveals: readonly Reveal[];
}

/** TICK: reports move log time, reveals feed seeds, timers fire. Spec: `spec/05-committees.md`, TICK. */
export const judgeTick: Rule<'TICK'> = (context, { entry, payload }) => {
  const { state } = context;
  // 1 verifier_only: proposed by an active verifier, or by the authority while there is none
  if (!mayReport(state, payload.from)) return reject('verifier_only', { from: payload.from });
  // 2 report_unfit, vote_head_*: only reports by the same, and by keys that owe a reveal
  const reports = readReports(context, entry.evidence.envelopes);
  if (isRejection(reports)) return reports;
  const time = advancedTime(state, reports.raised);
  // 3 tick_empty: it advances log time or reveals something
  if (time <= state.time && reports.reveals.length === 0) return reject('tick_empty', { time: state.time });
  return () => {
    for (const [did, reported] of reports.raised) {
      const member = state.members.get(did);
      if (member !== undefined) member.reported = reported;
    }
    for (const reveal of reports.reveals) takeReveal(context, reveal);
    if (time > state.time) {
      const before = state.time;
      state.time = time;
      state.lateTicks.clear();
      context.emit({ type: 'time_advanced', time });
      decayReputation(context, before);
      fadeSilences(context, before);
    }
    watchBootstrap(context);
    completeDraws(context);
    startPeriods(context);
    fireTimers(context);
  };
};

/** What the reports of a TICK add: times raised by at least the least step, and reveals of pending seeds. */
function readReports(context: Context, envelopes: readonly VerifiedEnvelope[]): Rejection | Reports {
  const { state } = context;
  const raised = new Map<Did, number>();
  const reveals = new Map<Did, Reveal>();
  for (const envelope of envelopes) {
    const fault = judgeReport(state, envelope);
    if (fault !== null) return fault;
    const { payload } = envelope;
    if (payload.verb !== 'REPORT') continue;
    const { from, body } = payload;
    const before = Math.max(state.members.get(from)?.reported ?? state.time, raised.get(from) ?? 0);
    if (body.time >= before + state.params.reportStepMs) raised.set(from, body.time);
    if (reveals.has(from)) continue;
    const reveal = readReveal(context, payload);
    if (reveal !== null) reveals.set(from, reveal);
  }
  return { raised, reveals: [...reveals.values()] };
}

function takeReveal(context: Context, reveal: Reveal): void {
  const { state } = context;
  const member = state.members.get(reveal.from);
  invariant(
    'INV-CHAIN',
    member !== undefined && member.revealsLeft >= reveal.steps,
    `${reveal.from} reveals beyond its chain`,
  );
  for (const draw of state.pendingDraws.values()) {
    if (!revealCounts(draw, member, reveal.seen)) continue;
    draw.reveals.set(member.entity, { from: reveal.from, preimage: toHex(reveal.preimage) });
  }
  member.tip = toHex(reveal.preimage);
  member.revealsLeft -= reveal.steps;
  context.emit({ type: 'revealed', did: reveal.from });
}

function committeeNamed(context: Context, subject: SubjectId): Committee {
  const committee = context.state.committees.get(subject);
  invariant('INV-COMMITTEE', committee !== undefined, `a draw or period of ${subject} outlived it`);
  return committee;
}

/** Completes every draw that has enough reveals, by (position, subject), before timers. */
function completeDraws(context: Context): void {
  const { state } = context;
  const ready = [...state.pendingDraws.values()].filter((draw) => draw.reveals.size >= revealsNeeded(state, draw));
  ready.sort((a, b) => a.position - b.position || (a.subject < b.subject ? -1 : 1));
  for (const draw of ready) {
    const committee = committeeNamed(context, draw.subject);
    const outcome = completeDraw(context, draw, committee);
    if (outcome === 'waiting') waitForSeats(context, committee);
    else if (committee.subject.startsWith('plan/') && draw.draw === 0) startBidding(context, committee);
    else startAnswers(context, committee, answerMs(context, committee));
  }
}

function startBidding(context: Context, committee: Committee): void {
  const { state } = context;
  const need = needOf(state, committee.need);
  const closesAt = state.time + Math.max(state.params.bidMs, need.body.windows.bidMs);
  committee.phase = 'bidding';
  state.timers.start(`bidding:${committee.subject}`, closesAt);
  tellBidding(context, committee, closesAt);
}

function tellBidding(context: Context, { need: id }: Committee, closesAt: number): void {
  const { round } = needOf(context.state, id);
  context.emit({ type: 'bidding_opened', need: id, round, closesAt });
}

/** Too few may sit: try again after an answer period, for a while. */
function waitForSeats(context: Context, committee: Committee): void {
  const { state } = context;
  if (committee.waits > state.params.maxWaits) giveUp(context, committee, 'no seats could be filled');
  else state.timers.start(`seats:${committee.subject}`, state.time + answerMs(context, committee));
}

/** Starts the periods that waited for a TICK at the present log time. */
function startPeriods(context: Context): void {
  const { timers } = context.state;
  for (const [id, durationMs] of [...timers.unstarted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [kind, name] = splitTimer(id);
    const at = context.state.time + durationMs;
    timers.start(id, kind === 'lease' ? startLease(context, name, at) : at);
    if (kind === 'deadline') needOf(context.state, name as never).deadlineAt = at;
    if (kind === 'half') committeeNamed(context, name as SubjectId).halfAt = at;
    if (kind === 'bidding') tellBidding(context, committeeNamed(context, name as SubjectId), at);
    if (kind === 'window') context.emit({ type: 'window_opened', commit: name as never, closesAt: at });
  }
}

/** A lease never outlives the need's deadline. */
function startLease(context: Context, name: string, at: number): number {
  const need = needOf(context.state, name as never);
  invariant('INV-LEASE', need.lease !== null && need.deadlineAt !== null, `${need.id} starts a lease it has not`);
  const expiresAt = Math.max(context.state.time, Math.min(at, need.deadlineAt));
  need.lease.expiresAt = expiresAt;
  context.emit({ type: 'lease_started', need: need.id, attempt: need.lease.attempt, expiresAt });
  return expiresAt;
}
