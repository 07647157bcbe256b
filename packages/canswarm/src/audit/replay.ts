import { type RejectionCode, stateRoot } from '@canswarm/kernel';
import { type Did, type EnvelopeId, type Genesis, type LogVerb, toHex } from '@canswarm/protocol';
import type { AuditEntry } from './audit-text.ts';
import { type LogBreak, type LogStep, type WalkOptions, walkLog } from './walk-log.ts';

/** What the law made of one entry. */
export interface ReplayedEntry {
  readonly position: number;
  readonly id: EnvelopeId;
  readonly verb: LogVerb;
  readonly from: Did;
  readonly accepted: boolean;
  readonly code: RejectionCode | null;
  /** Log time after the entry, ms. */
  readonly time: number;
}

/** Where a replay does not give what it should. */
export interface Divergence {
  readonly position: number;
  readonly code: LogBreak['code'] | 'digest_other' | 'state_root_other';
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

export interface ReplayOptions extends WalkOptions {
  /** What the run claims, hex; compared after the last entry. */
  readonly expected?: { readonly digest?: string; readonly stateRoot?: string };
}

/** Replays a log: every signature of every entry and its evidence, then `apply`. Same log, same digest and root (P2). */
export function replay(genesis: Genesis, entries: Iterable<AuditEntry>, options: ReplayOptions): Replayed {
  const outcomes: ReplayedEntry[] = [];
  const startedAt = performance.now();
  const { state, broken } = walkLog(genesis, entries, options, (step) => void outcomes.push(outcomeOf(step)));
  const seconds = (performance.now() - startedAt) / 1000;
  const digest = state === null ? '' : toHex(state.digest);
  const root = state === null ? '' : stateRoot(state, options.crypto.sha256);
  const divergence = broken ?? differs(outcomes.length, { digest, stateRoot: root }, options.expected ?? {});
  const report = { entries: outcomes.length, seconds, digest, stateRoot: root, outcomes };
  return divergence === null ? report : { ...report, divergence };
}

/** The log verb and outcome of a step. A verified entry has a log verb, so its payload's verb is one. */
function outcomeOf({ entry, applied, timeAfter }: LogStep): ReplayedEntry {
  const { id, payload } = entry.envelope;
  const { position, outcome } = applied;
  const code = outcome.accepted ? null : outcome.code;
  return {
    position,
    id,
    verb: payload.verb as LogVerb,
    from: payload.from,
    accepted: outcome.accepted,
    code,
    time: timeAfter,
  };
}

function differs(
  position: number,
  got: { readonly digest: string; readonly stateRoot: string },
  expected: { readonly digest?: string; readonly stateRoot?: string },
): Divergence | null {
  if (expected.digest !== undefined && expected.digest !== got.digest) {
    return {
      position,
      code: 'digest_other',
      detail: `the run says digest ${expected.digest}, replay gives ${got.digest}`,
    };
  }
  if (expected.stateRoot !== undefined && expected.stateRoot !== got.stateRoot) {
    return {
      position,
      code: 'state_root_other',
      detail: `the run says ${expected.stateRoot}, replay gives ${got.stateRoot}`,
    };
  }
  return null;
}
