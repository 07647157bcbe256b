import type { Did, Sha256, VerifiedEnvelope } from '@canswarm/protocol';
import { advancedTime } from '../log-time.ts';
import { poolOf } from '../pool.ts';
import { judgeReport, mayReport, readReveal } from '../reports.ts';
import type { State } from '../state.ts';
import type { Agenda, OwnDuty, SharedDuty, View } from './duty.ts';

/** Whether log time should move: a period is unstarted, a seed is pending or a timer passed by this local time. */
export function tickDue(state: State, now: number): boolean {
  const next = state.timers.next();
  return state.timers.unstarted.size > 0 || state.pendingDraws.size > 0 || (next !== null && next <= now);
}

/** REPORT: a verifier tells its time, and a preimage while a seed waits for it, once a tick period. */
export function reportDuty(state: State, view: View, did: Did, now: number): Agenda<OwnDuty> {
  if (!mayReport(state, did)) return { duties: [], wakeAt: null };
  if (!tickDue(state, now)) return { duties: [], wakeAt: state.timers.next() };
  const { timeAt, revealAt } = view.reported(did);
  const reveal = [...state.pendingDraws.values()].some((draw) => draw.position > revealAt);
  const { tickMs } = state.params;
  if (now < timeAt + tickMs) return { duties: [], wakeAt: timeAt + tickMs };
  return { duties: [{ key: `report/${did}/${now}`, type: 'report', reveal }], wakeAt: now + tickMs };
}

/** TICK: bundles reports as soon as they start a period, fire a timer or complete a seed. */
export function tickDuty(state: State, view: View, now: number, sha256: Sha256): Agenda<SharedDuty> {
  if (!tickDue(state, now)) return { duties: [], wakeAt: state.timers.next() };
  const { tickMs } = state.params;
  const rest = view.tickedAt() + tickMs;
  if (now < rest) return { duties: [], wakeAt: rest };
  const raised = new Map<Did, number>();
  const revealing = new Set<string>();
  const evidence: VerifiedEnvelope[] = [];
  for (const report of view.reports()) {
    const { payload } = report;
    if (payload.verb !== 'REPORT' || judgeReport(state, report) !== null) continue;
    const member = state.members.get(payload.from);
    const raises = payload.body.time >= (member?.reported ?? state.time) + state.params.reportStepMs;
    const reveals = readReveal({ state, sha256 }, payload) !== null;
    if (!raises && !reveals) continue;
    if (raises) raised.set(payload.from, payload.body.time);
    if (reveals && member !== undefined) revealing.add(member.entity);
    evidence.push(report);
  }
  const time = advancedTime(state, raised);
  const next = state.timers.next();
  const fires = next !== null && time >= next;
  const starts = state.timers.unstarted.size > 0 && time > state.time;
  const completes = [...state.pendingDraws.values()].some(
    (draw) => new Set([...draw.reveals.keys(), ...revealing]).size >= state.params.seedReveals,
  );
  const useful = fires || starts || (completes && revealing.size > 0);
  const duties: SharedDuty[] = useful
    ? [
        {
          key: `tick/${state.time}`,
          first: turns(state),
          complete: true,
          type: 'tick',
          evidence: evidence.slice(0, 64),
        },
      ]
    : [];
  return { duties, wakeAt: now + tickMs };
}

/** Whose turn it is to propose the next TICK: the verifiers, rotated as log time goes on. */
function turns(state: State): readonly Did[] {
  const verifiers = poolOf(state).entities.flatMap((entry) => entry.keys.map((key) => key.did));
  const start = verifiers.length === 0 ? 0 : Math.floor(state.time / state.params.tickMs) % verifiers.length;
  return [...verifiers.slice(start), ...verifiers.slice(0, start)];
}
