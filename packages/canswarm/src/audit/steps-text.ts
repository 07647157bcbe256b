import type { KernelEvent, RejectionCode } from '@canswarm/kernel';
import { type Cid, type Did, type EnvelopeId, fromUtf8, type LogVerb, parseCid } from '@canswarm/protocol';
import { auditLines } from './audit-text.ts';

/** What the law made of one entry, whole. Members stand in the order in which a comparison looks at them. */
export interface ReplayStep {
  readonly position: number;
  readonly id: EnvelopeId;
  readonly verb: LogVerb;
  readonly from: Did;
  readonly accepted: boolean;
  /** The precondition that failed, and what it was judged by. */
  readonly code: RejectionCode | null;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  /** Log time after the entry, ms. */
  readonly time: number;
  readonly events: readonly KernelEvent[];
  /** Running digest after the entry, hex. */
  readonly digest: string;
}

/** What a file of steps says last. */
export interface StepsEnd {
  readonly entries: number;
  readonly digest: string;
  readonly stateRoot: string;
}

/** Steps as they were recorded: JSON values, compared with what a replay gives and not trusted otherwise. */
export interface RecordedSteps {
  readonly network: Cid;
  readonly steps: readonly unknown[];
  /** Null where the record was cut off. */
  readonly end: StepsEnd | null;
}

const FORMAT = 'canswarm/steps/1';

/** The lines of a file of steps, each ended by a line break. Source: `spec/11-audit.md`, replay. */
export const stepsHead = (network: Cid): string => `${JSON.stringify({ format: FORMAT, network })}\n`;
export const stepLine = (step: ReplayStep): string => `${JSON.stringify(step)}\n`;
export const stepsFoot = ({ entries, digest, stateRoot }: StepsEnd): string =>
  `${JSON.stringify({ entries, digest, stateRoot })}\n`;

export type ReadSteps =
  | { readonly ok: true; readonly recorded: RecordedSteps }
  | { readonly ok: false; readonly line: number; readonly detail: string };

/** Reads a file of steps. A file that ends within its last line is one that was cut off: that line does not count. */
export function readSteps(bytes: Uint8Array): ReadSteps {
  let network: Cid | undefined;
  const steps: unknown[] = [];
  let end: StepsEnd | null = null;
  let number = 0;
  for (const { line, ended } of auditLines(bytes)) {
    number += 1;
    if (!ended) break;
    const value = jsonOf(line);
    if (value === undefined) return { ok: false, line: number, detail: 'no object of JSON' };
    if (end !== null) return { ok: false, line: number, detail: 'a line after the last' };
    if (number === 1) {
      if (value['format'] !== FORMAT) return { ok: false, line: 1, detail: `the format is not ${FORMAT}` };
      network = parseCid(String(value['network']));
      if (network === undefined) return { ok: false, line: 1, detail: 'it names no network' };
    } else if ('position' in value) steps.push(value);
    else end = endOf(value);
    if (number > 1 && !('position' in value) && end === null)
      return { ok: false, line: number, detail: 'neither a step nor the end' };
  }
  if (network === undefined) return { ok: false, line: 1, detail: `the format is not ${FORMAT}` };
  return { ok: true, recorded: { network, steps, end } };
}

function endOf({ entries, digest, stateRoot }: Readonly<Record<string, unknown>>): StepsEnd | null {
  if (typeof entries !== 'number' || typeof digest !== 'string' || typeof stateRoot !== 'string') return null;
  return { entries, digest, stateRoot };
}

function jsonOf(line: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(fromUtf8(line) ?? '');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
