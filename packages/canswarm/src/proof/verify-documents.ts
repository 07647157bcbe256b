import { fromUtf8, utf8 } from '@canswarm/protocol';
import type { ProofBytes, ProofFile } from './layout.ts';
import { type ProofFault, proofFault } from './proof-fault.ts';

/** The documents for people and programs, as they must be. */
export interface Documents {
  readonly result: string;
  readonly brief: string;
}

/** result.json and brief.md must be exactly what the committed outputs render to. */
export function verifyDocuments(files: Pick<ProofBytes, 'result' | 'brief'>, due: Documents): ProofFault | null {
  return differs('result', files.result, due.result) ?? differs('brief', files.brief, due.brief);
}

function differs(file: ProofFile, bytes: Uint8Array, due: string): ProofFault | null {
  const expected = utf8(due);
  if (Buffer.compare(expected, bytes) === 0) return null;
  const at = firstDifference(expected, bytes);
  const line = 1 + countLineEnds(expected.subarray(0, at));
  return proofFault(file, 'not_what_was_committed', `from byte ${at} on it is not what the committed result says`, {
    line,
  });
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

/** The need that a result.json says it is about; undefined when it cannot be told. */
export function namedNeed(result: Uint8Array): string | undefined {
  const text = fromUtf8(result);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const named = typeof value === 'object' && value !== null && 'needId' in value ? value.needId : undefined;
    return typeof named === 'string' ? named : undefined;
  } catch {
    return undefined;
  }
}
