import { type State, stateRoot } from '@canswarm/kernel';
import { entryToJson, type Genesis, genesisCid, type LogVerb, toHex } from '@canswarm/protocol';
import type { AuditEntry } from './audit-text.ts';
import { type Difference, firstDifference } from './difference.ts';
import { plainState } from './plain-value.ts';
import type { RecordedSteps, ReplayStep } from './steps-text.ts';
import { type LogBreak, type LogStep, type WalkOptions, walkLog } from './walk-log.ts';

/** What the law made of one entry, in short. */
export type ReplayedEntry = Pick<ReplayStep, 'position' | 'id' | 'verb' | 'from' | 'accepted' | 'code' | 'time'>;

/** Where a replay does not give what it should. With `path`, `expected` and `found` where single values were compared. */
export interface Divergence extends Partial<Difference> {
  /** The first entry at which it shows. */
  readonly position: number;
  readonly code:
    | LogBreak['code']
    | 'digest_other'
    | 'state_root_other'
    | 'network_other'
    | 'entry_other'
    | 'step_other'
    | 'length_other'
    | 'state_other';
  readonly detail: string;
}

export interface Replayed {
  /** Entries applied. */
  readonly entries: number;
  /** Wall time of reading signatures and applying, not of parsing lines. */
  readonly seconds: number;
  /** Running digest after the last entry, hex. */
  readonly digest: string;
  /** Root of the state after the last entry, hex. */
  readonly stateRoot: string;
  readonly outcomes: readonly ReplayedEntry[];
  readonly divergence?: Divergence;
}

/** What a replay is compared with, step by step. */
export type Reference =
  | { readonly kind: 'export'; readonly entries: readonly AuditEntry[] }
  | ({ readonly kind: 'steps' } & RecordedSteps)
  /** A state, as `plainState` gives it, after the entry at `position`. */
  | { readonly kind: 'state'; readonly network: string; readonly position: number; readonly state: unknown };

export interface ReplayOptions extends WalkOptions {
  /** What the run claims, hex; compared after the last entry. */
  readonly expected?: { readonly digest?: string; readonly stateRoot?: string };
  /** What every step is compared with; the replay ends at the first that differs. */
  readonly against?: Reference;
  /** Hears of every entry that was applied. */
  readonly onStep?: (step: ReplayStep) => void;
  /** Gets the state in which the replay ended, as JSON can hold it. */
  readonly onEnd?: (state: Readonly<Record<string, unknown>>) => void;
}

/** Replays a log: every signature of every entry and its evidence, then `apply`. Same log, same digest and root (P2). */
export function replay(genesis: Genesis, entries: Iterable<AuditEntry>, options: ReplayOptions): Replayed {
  const { against, crypto, expected = {}, onEnd, onStep, until = Number.MAX_SAFE_INTEGER } = options;
  const outcomes: ReplayedEntry[] = [];
  let differing = against === undefined ? null : networkDiffers(against, genesisCid(genesis, crypto.sha256));
  /** The entries up to the first that differs from the reference. */
  function* agreed(): Generator<AuditEntry> {
    for (const entry of entries) {
      if (against?.kind === 'export') differing = entryDiffers(entry, against.entries);
      if (differing !== null) return;
      yield entry;
    }
  }
  const startedAt = performance.now();
  const { state, broken } = walkLog(genesis, agreed(), options, (step) => {
    const whole = stepOf(step);
    outcomes.push(outcomeOf(whole));
    onStep?.(whole);
    if (against?.kind === 'steps') differing = stepDiffers(whole, against);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const digest = state === null ? '' : toHex(state.digest);
  const root = state === null ? '' : stateRoot(state, crypto.sha256);
  const position = outcomes.length;
  const last = { digest, stateRoot: root };
  const divergence =
    broken ??
    differing ??
    (against === undefined ? null : endDiffers(against, { position, until, last, state })) ??
    hashesDiffer(position, last, expected);
  if (state !== null) onEnd?.(plainState(state));
  const report = { entries: position, seconds, ...last, outcomes };
  return divergence === null ? report : { ...report, divergence };
}

/** The log verb and outcome of a step. A verified entry has a log verb, so its payload's verb is one. */
function stepOf({ entry, applied, timeAfter, state }: LogStep): ReplayStep {
  const { id, payload } = entry.envelope;
  const { position, outcome, events } = applied;
  return {
    position,
    id,
    verb: payload.verb as LogVerb,
    from: payload.from,
    accepted: outcome.accepted,
    code: outcome.accepted ? null : outcome.code,
    facts: outcome.accepted ? {} : outcome.facts,
    time: timeAfter,
    events,
    digest: toHex(state.digest),
  };
}

const outcomeOf = ({ position, id, verb, from, accepted, code, time }: ReplayStep): ReplayedEntry => ({
  position,
  id,
  verb,
  from,
  accepted,
  code,
  time,
});

/** Of an export the entries themselves name their network. */
function networkDiffers(against: Reference, found: string): Divergence | null {
  if (against.kind === 'export' || against.network === found) return null;
  return differs(0, 'network_other', { path: 'network', expected: against.network, found });
}

/** An entry beside that of another export at the same position. */
function entryDiffers({ position, bytes }: AuditEntry, others: readonly AuditEntry[]): Divergence | null {
  const other = others[position - 1];
  if (other === undefined) return lengthOther(position, 'no entry', 'an entry');
  const shown = (one: Uint8Array): unknown => JSON.parse(entryToJson(one));
  const difference = firstDifference(shown(other.bytes), shown(bytes), 'entry');
  return difference === null ? null : differs(position, 'entry_other', difference);
}

function stepDiffers(step: ReplayStep, { steps, end }: RecordedSteps): Divergence | null {
  const recorded = steps[step.position - 1];
  if (recorded === undefined) return end === null ? null : lengthOther(step.position, 'no step', 'a step');
  // What was recorded came through JSON, and so does what is compared with it.
  const difference = firstDifference(recorded, JSON.parse(JSON.stringify(step)));
  return difference === null ? null : differs(step.position, 'step_other', difference);
}

interface Ending {
  readonly position: number;
  readonly until: number;
  readonly last: { readonly digest: string; readonly stateRoot: string };
  readonly state: State | null;
}

/** What shows only once all entries that are there were applied. */
function endDiffers(against: Reference, { position, until, last, state }: Ending): Divergence | null {
  if (against.kind === 'state') {
    if (against.position !== position)
      return lengthOther(position, `a state after entry ${against.position}`, `a state after entry ${position}`);
    const difference = state === null ? null : firstDifference(against.state, plainState(state), 'state');
    return difference === null ? null : differs(position, 'state_other', difference);
  }
  const length = against.kind === 'export' ? against.entries.length : against.steps.length;
  if (position < Math.min(length, until)) return lengthOther(position + 1, 'an entry', 'no entry');
  if (against.kind === 'export' || against.end?.entries !== position) return null;
  return hashesDiffer(position, last, against.end);
}

const lengthOther = (position: number, expected: string, found: string): Divergence => ({
  position,
  code: 'length_other',
  detail: `expected ${expected}, there is ${found}`,
  expected,
  found,
});

function differs(position: number, code: Divergence['code'], difference: Difference): Divergence {
  const { path, expected, found } = difference;
  return { position, code, detail: `${path}: expected ${said(expected)}, there is ${said(found)}`, ...difference };
}

/** A value on one line, cut where it is long. */
function said(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}

function hashesDiffer(
  position: number,
  got: { readonly digest: string; readonly stateRoot: string },
  expected: { readonly digest?: string; readonly stateRoot?: string },
): Divergence | null {
  const { digest, stateRoot: root } = expected;
  if (digest !== undefined && digest !== got.digest) {
    const detail = `the run says digest ${digest}, replay gives ${got.digest}`;
    return { position, code: 'digest_other', detail, path: 'digest', expected: digest, found: got.digest };
  }
  if (root !== undefined && root !== got.stateRoot) {
    const detail = `the run says ${root}, replay gives ${got.stateRoot}`;
    return { position, code: 'state_root_other', detail, path: 'stateRoot', expected: root, found: got.stateRoot };
  }
  return null;
}
