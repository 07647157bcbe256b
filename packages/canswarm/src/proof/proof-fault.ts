import { PROOF_FILES, type ProofFile, RESULT } from './folder/layout.ts';

/** What is broken in a proof: always a file; the entry by position (and id where it can be read) or the block by CID. */
export interface ProofFault {
  readonly ok: false;
  readonly code: string;
  /** Name of the file. */
  readonly file: string;
  readonly position?: number;
  /** Line of audit.jsonl, from 1. */
  readonly line?: number;
  readonly id?: string;
  readonly cid?: string;
  /** Which block of artifacts.car, from 1; 0 is the header. */
  readonly block?: number;
  readonly detail: string;
}

/** Of a file of the proof folder, or of the result for programs. */
export function proofFault(
  file: ProofFile | 'result',
  code: string,
  detail: string,
  where: Pick<ProofFault, 'position' | 'line' | 'id' | 'cid' | 'block'> = {},
): ProofFault {
  return { ok: false, code, file: file === 'result' ? RESULT : PROOF_FILES[file], ...where, detail };
}

/** One sentence that names what is broken. */
export function faultSentence({ file, code, detail, line, position, id, cid, block }: Omit<ProofFault, 'ok'>): string {
  const named = [
    line === undefined ? '' : ` line ${line}`,
    position === undefined ? '' : ` (entry at position ${position}${id === undefined ? '' : `, id ${id}`})`,
    block === undefined ? '' : block === 0 ? ' header' : ` block ${block}`,
    cid === undefined ? '' : ` (${cid})`,
  ];
  return `${file}${named.join('')}: ${detail} [${code}]`;
}
