import type { Did, Sha256, VerifiedEnvelope } from '@canswarm/protocol';
import { revealsNeeded } from '../draw.ts';
import { canPayLog } from '../log-fees.ts';
import { advancedTime } from '../log-time.ts';
import { ownStake, poolOf, weightsOf } from '../pool.ts';
import { judgeReport, mayReport, owesReveal, readReveal, somePending } from '../reports.ts';
import type { State } from '../state.ts';
import type { Agenda, OwnDuty, SharedDuty, View } from './duty.ts';

/** Whether log time should move: a period is unstarted, a seed is pending or a timer passed by this local time. */
export function tickDue(state: State, now: number): boolean {
  const next = state.timers.next();
  return state.timers.unstarted.size > 0 || state.pendingDraws.size > 0 || (next !== null && next <= now);
}

/** REPORT: a verifier tells its time, and a preimage while a seed waits for it, once a tick period. */
export function reportDuty(state: State, view: View, did: Did, now: number): Agenda<OwnDuty> {
  if (!mayReport(state, did) && !owesReveal(state, did)) return { duties: [], wakeAt: null };
  if (!tickDue(state, now)) return { duties: [], wakeAt: state.timers.next() };
  const { timeAt, revealAt } = view.reported(did);
  const reveal = somePending(state, (draw) => draw.position > revealAt);
  const { tickMs } = state.params;
  if (now < timeAt + tickMs) return { duties: [], wakeAt: timeAt + tickMs };
  return { duties: [{ key: `report/${did}/${now}`, type: 'report', reveal }], wakeAt: now + tickMs };
}

/** Where a chain goes on whose next values lie too far below its present tip. */
type Anew = Pick<Extract<OwnDuty, { type: 'rejoin' }>, 'tip' | 'length'>;

/**
 * JOIN again: a verifier that was silent too often, has the least stake and reveals left, and is back, takes part again; so does one whose chain
 * goes on from `anew`, where the log cannot follow it.
 */
export function rejoinDuty(state: State, did: Did, anew: Anew | null = null): OwnDuty | null {
  const member = state.members.get(did);
  if (member === undefined || member.left || member.tip === null || (member.active && anew === null)) return null;
  const { tip, length } = anew ?? { tip: member.tip, length: member.revealsLeft };
  if (length === 0) return null;
  if (ownStake(state, did) < state.params.minStake || !canPayLog(state, 'JOIN', did, 512)) return null;
  return { key: `rejoin/${did}/${member.joinedAt}`, type: 'rejoin', tip, length };
}

/** Reports in one TICK at most; their bytes are at most half of what evidence may hold. */
const BUNDLE_MAX = 512;

interface Useful {
  readonly report: VerifiedEnvelope;
  /** The time it raises its sender's to, or null. */
  readonly raises: number | null;
  /** The entity for which it reveals, or null. */
  readonly reveals: string | null;
  readonly weight: number;
}

/** What reports are worth at a position, since a node looks at them again with each that comes. */
const worths = new WeakMap<
  State,
  { readonly position: number; readonly byReport: WeakMap<VerifiedEnvelope, Worth | null> }
>();

type Worth = Omit<Useful, 'weight'>;

function worthOf(state: State, report: VerifiedEnvelope, sha256: Sha256): Worth | null {
  let known = worths.get(state);
  if (known?.position !== state.position) {
    known = { position: state.position, byReport: new WeakMap() };
    worths.set(state, known);
  }
  const before = known.byReport.get(report);
  if (before !== undefined) return before;
  const worth = judgeWorth(state, report, sha256);
  known.byReport.set(report, worth);
  return worth;
}

/** What a report is worth to a TICK that follows this state; null: nothing. */
function judgeWorth(state: State, report: VerifiedEnvelope, sha256: Sha256): Worth | null {
  const { payload } = report;
  if (payload.verb !== 'REPORT') return null;
  const { from, body } = payload;
  const member = state.members.get(from);
  const raises = body.time >= (member?.reported ?? state.time) + state.params.reportStepMs ? body.time : null;
  const reveals = readReveal({ state, sha256 }, payload) === null ? null : (member?.entity ?? null);
  if ((raises === null && reveals === null) || judgeReport(state, report) !== null) return null;
  return { report, raises, reveals };
}

/**
 * The reports worth bundling, those of most weight first: log time moves by weight, so however many keys with dust for
 * stake report, they do not crowd out those that count.
 */
function usefulReports(state: State, view: View, sha256: Sha256): readonly Useful[] {
  const found: Worth[] = [];
  for (const report of view.reports()) {
    const worth = worthOf(state, report, sha256);
    if (worth !== null) found.push(worth);
  }
  if (found.length === 0) return [];
  const weights = weightsOf(poolOf(state));
  const useful = found.map((one): Useful => ({ ...one, weight: weights.get(one.report.payload.from) ?? 0 }));
  useful.sort((a, b) => b.weight - a.weight);
  const bytesMax = state.params.evidenceBytesMax / 2;
  let bytes = 0;
  return useful.slice(0, BUNDLE_MAX).filter(({ report }) => {
    bytes += report.bytes.length;
    return bytes <= bytesMax;
  });
}

/** Names the TICK that follows this state. */
export const tickKey = ({ time }: State): string => `tick/${time}`;

/** Whether reports that are heard now may make a TICK. */
export const isTickTime = (state: State, view: Pick<View, 'tickedAt'>, now: number): boolean =>
  tickDue(state, now) && now >= view.tickedAt() + state.params.tickMs;

/** TICK: bundles reports as soon as they start a period, fire a timer or complete a seed. */
export function tickDuty(state: State, view: View, now: number, sha256: Sha256): Agenda<SharedDuty> {
  if (!tickDue(state, now)) return { duties: [], wakeAt: state.timers.next() };
  const { tickMs } = state.params;
  const rest = view.tickedAt() + tickMs;
  if (now < rest) return { duties: [], wakeAt: rest };
  const reports = usefulReports(state, view, sha256);
  const raised = new Map<Did, number>();
  const revealing = new Set<string>();
  for (const { report, raises, reveals } of reports) {
    // A sender's last reveal may be older than its latest report.
    if (raises !== null) raised.set(report.payload.from, Math.max(raises, raised.get(report.payload.from) ?? 0));
    if (reveals !== null) revealing.add(reveals);
  }
  const time = advancedTime(state, raised);
  const next = state.timers.next();
  const fires = next !== null && time >= next;
  const starts = state.timers.unstarted.size > 0 && time > state.time;
  const completes = (): boolean =>
    somePending(state, (draw) => {
      let revealed = draw.reveals.size;
      for (const entity of revealing) if (!draw.reveals.has(entity)) revealed += 1;
      return revealed >= revealsNeeded(state, draw);
    });
  const useful = fires || starts || (revealing.size > 0 && completes());
  const duties: SharedDuty[] = useful
    ? [
        {
          key: tickKey(state),
          first: turns(state),
          complete: true,
          type: 'tick',
          evidence: reports.map(({ report }) => report),
        },
      ]
    : [];
  return { duties, wakeAt: now + tickMs };
}

/**
 * Whose turn it is to propose the next TICK: one verifier of each entity, rotated as log time goes on, then the others.
 * So an entity with many keys keeps the rest waiting no longer than one with few.
 */
function turns(state: State): readonly Did[] {
  const step = Math.floor(state.time / state.params.tickMs);
  const entities = rotated(poolOf(state).entities, step).map((entry) =>
    rotated(entry.keys, step).map((key) => key.did),
  );
  return [...entities.flatMap((keys) => keys.slice(0, 1)), ...entities.flatMap((keys) => keys.slice(1))];
}

function rotated<Item>(items: readonly Item[], step: number): readonly Item[] {
  const start = items.length === 0 ? 0 : step % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
