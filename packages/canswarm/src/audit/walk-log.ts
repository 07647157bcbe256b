import { type Applied, apply, createState, InvariantError, type State } from '@canswarm/kernel';
import {
  type Crypto,
  createMemo,
  type Genesis,
  type Memo,
  type ProtocolCode,
  type VerifiedEntry,
  verifyEntry,
} from '@canswarm/protocol';
import { networkPolicies } from '../policy/network-policies.ts';
import type { AuditEntry } from './audit-text.ts';

/** One entry as it was applied. `state` is the state after it and changes with the next step. */
export interface LogStep {
  readonly entry: VerifiedEntry;
  readonly applied: Applied;
  /** Log time in ms before and after the entry. */
  readonly timeBefore: number;
  readonly timeAfter: number;
  readonly state: State;
}

/** Where a log stops being one. */
export interface LogBreak {
  /** 0 for the genesis. */
  readonly position: number;
  /** `law_broken`: an invariant of the kernel failed; `position_other`: entries out of order; else `verifyEntry` refused. */
  readonly code: 'law_broken' | 'position_other' | ProtocolCode;
  readonly detail: string;
}

export interface WalkOptions {
  readonly crypto: Crypto;
  /** What was verified before is not verified again. */
  readonly memo?: Memo;
  /** The last position to apply. */
  readonly until?: number;
}

export type Walked = { readonly state: State; readonly broken: LogBreak | null };

/**
 * Applies a log from its genesis: every signature, then the law. Calls `visit` after each entry and stops at the first
 * that is none. `state` is null only when the genesis itself cannot be applied here.
 */
export function walkLog(
  genesis: Genesis,
  entries: Iterable<AuditEntry>,
  options: WalkOptions,
  visit: (step: LogStep) => void = () => undefined,
): Walked | { readonly state: null; readonly broken: LogBreak } {
  const { crypto, memo = createMemo(), until = Number.MAX_SAFE_INTEGER } = options;
  const start = lawful(0, () => createState(genesis, crypto.sha256, networkPolicies));
  if ('code' in start) return { state: null, broken: start };
  const state = start.value;
  for (const { position, bytes } of entries) {
    if (position > until) break;
    if (position !== state.position + 1) {
      const detail = `position ${position} where ${state.position + 1} is due`;
      return { state, broken: { position, code: 'position_other', detail } };
    }
    const verdict = verifyEntry(bytes, crypto, memo);
    if (!verdict.ok) return { state, broken: { position, code: verdict.code, detail: verdict.path } };
    const timeBefore = state.time;
    const applied = lawful(position, () => apply(state, verdict.entry, crypto.sha256, networkPolicies));
    if ('code' in applied) return { state, broken: applied };
    visit({ entry: verdict.entry, applied: applied.value, timeBefore, timeAfter: state.time, state });
  }
  return { state, broken: null };
}

/** Runs a piece of the law; a broken invariant becomes a break of the log at `position`. */
function lawful<T>(position: number, run: () => T): { readonly value: T } | LogBreak {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof InvariantError) return { position, code: 'law_broken', detail: error.message };
    throw error;
  }
}
