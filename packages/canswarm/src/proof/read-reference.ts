import { join } from 'node:path';
import { fromUtf8 } from '@canswarm/protocol';
import { auditLines, importAudit } from '../audit/audit-text.ts';
import type { Reference } from '../audit/replay.ts';
import { readSteps } from '../audit/steps-text.ts';
import { BYTES_MAX, PROOF_FILES } from './folder/layout.ts';
import { type FolderFault, isFolder, readRegular } from './folder/read-regular.ts';
import { type ProofFault, proofFault } from './proof-fault.ts';

/** A file that is none of the three that a replay can be compared with, or not sound. */
export interface ReferenceFault {
  readonly ok: false;
  readonly code: 'no_reference';
  readonly file: string;
  readonly detail: string;
  readonly line?: number;
}

export type ReadReference =
  | { readonly ok: true; readonly reference: Reference }
  | ReferenceFault
  | ProofFault
  | FolderFault;

/**
 * Reads what a replay is compared with: another export or the proof folder around it, a file of steps, or a state as
 * `canswarm replay --state --json` says it. What it is shows in its first line.
 */
export function readReference(path: string): ReadReference {
  const file = isFolder(path) ? join(path, PROOF_FILES.audit) : path;
  const bytes = readRegular(file, BYTES_MAX.audit, file);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const [first] = auditLines(bytes);
  const opening = fromUtf8(first?.line.subarray(0, 64) ?? new Uint8Array()) ?? '';
  if (/^\{"position":\d+,"entry":/.test(opening)) {
    const read = importAudit(bytes);
    if (read.ok) return { ok: true, reference: { kind: 'export', entries: read.entries } };
    const { code, detail, line, position } = read;
    return { ...proofFault('audit', code, detail, { line, position }), file };
  }
  if (opening.startsWith('{"format":')) {
    const read = readSteps(bytes);
    if (read.ok) return { ok: true, reference: { kind: 'steps', ...read.recorded } };
    return { ok: false, code: 'no_reference', file, line: read.line, detail: read.detail };
  }
  const state = stateOf(bytes);
  if (state !== undefined) return { ok: true, reference: state };
  return { ok: false, code: 'no_reference', file, detail: 'neither an export, nor steps, nor a state' };
}

/** The state in the last line of what `canswarm replay --state --json` says. */
function stateOf(bytes: Uint8Array): Reference | undefined {
  let value: unknown;
  try {
    value = JSON.parse((fromUtf8(bytes) ?? '').trimEnd().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { network, entries, state, part } = value as Readonly<Record<string, unknown>>;
  if (typeof network !== 'string' || typeof entries !== 'number' || typeof state !== 'object') return undefined;
  return part === undefined ? { kind: 'state', network, position: entries, state } : undefined;
}
