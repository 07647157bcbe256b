import { BRIEF, REPORT, RESULT } from './folder/layout.ts';
import type { ProofSource } from './folder/proof-source.ts';
import type { FolderFault } from './folder/read-regular.ts';
import type { Documents, ResultKind } from './kinds/result-kind.ts';
import type { ProofFault } from './proof-fault.ts';

/** The files beside a proof must be exactly those that the committed outputs render to, and in folders of the result no other. */
export function verifyDocuments(
  source: ProofSource,
  kind: ResultKind,
  due: Documents,
): ProofFault | FolderFault | null {
  for (const [path, bytes] of due) {
    const found = source.read(path, kind.documentBytesMax);
    const fault = found instanceof Uint8Array ? differs(path, found, bytes) : found;
    if (fault !== null) return fault;
  }
  const paths = new Set(due.keys());
  for (const folder of kind.folders) {
    const surplus = source.surplus(folder, paths);
    if (surplus === null) continue;
    if (typeof surplus !== 'string') return surplus;
    return { ok: false, code: 'extra_file', file: surplus, detail: 'no file of the result is there' };
  }
  return null;
}

/** Texts, of which a fault names the line. */
const TEXTS: readonly string[] = [RESULT, BRIEF, REPORT];

function differs(path: string, bytes: Uint8Array, due: Uint8Array): ProofFault | null {
  if (Buffer.compare(due, bytes) === 0) return null;
  const at = firstDifference(due, bytes);
  const where = TEXTS.includes(path) ? { line: 1 + countLineEnds(due.subarray(0, at)) } : {};
  const detail = `from byte ${at} on it is not what the committed result says`;
  return { ok: false, code: 'not_what_was_committed', file: path, ...where, detail };
}

function firstDifference(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at += 1) if (left[at] !== right[at]) return at;
  return shared;
}

function countLineEnds(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === 0x0a) count += 1;
  return count;
}
