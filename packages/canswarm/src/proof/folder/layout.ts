import { dirname, join, resolve } from 'node:path';
import { CAR_BYTES_MAX } from '@canswarm/content-fs';
import { GENESIS_BYTES_MAX } from '@canswarm/protocol';

/** The files in the proof folder itself. Beside the folder lies what they prove: which files these are the kind of result says. */
export const PROOF_FILES = {
  genesis: 'genesis.cbor',
  audit: 'audit.jsonl',
  artifacts: 'artifacts.car',
} as const;

export type ProofFile = keyof typeof PROOF_FILES;
export const PROOF_FILE_KEYS = Object.keys(PROOF_FILES) as readonly ProofFile[];

/** Beside the folder: the result for programs, whatever kind of result it is, and for people; files that belong to it. */
export const RESULT = 'result.json';
export const BRIEF = 'brief.md';
export const REPORT = 'report.md';
export const OUTPUT_FILES = 'files';

/**
 * A proof and what it proves: bytes by path below the folder that holds the proof folder, such as `proof/audit.jsonl`,
 * `result.json` and `files/a.txt`.
 */
export type ProofBytes = ReadonlyMap<string, Uint8Array>;

/** What the proof folder is called in paths, whatever it is called on disk. */
export const PROOF = 'proof';

/** Path of a file of the proof folder, below the folder that holds it. */
export const insidePath = (file: ProofFile): string => `${PROOF}/${PROOF_FILES[file]}`;

const MIB = 1024 * 1024;

/** Largest file of the proof folder that is read, in bytes: a file must not cost more memory than what it may hold. */
export const BYTES_MAX: Readonly<Record<ProofFile, number>> = {
  genesis: GENESIS_BYTES_MAX,
  audit: 1024 * MIB,
  artifacts: CAR_BYTES_MAX,
};

/** Where a file of a proof stands on disk, when the proof folder is `proof`, whatever that is called. */
export function placeOf(proof: string, path: string): string {
  const folder = resolve(proof);
  const [first = '', ...rest] = path.split('/');
  return first === PROOF ? join(folder, ...rest) : join(dirname(folder), first, ...rest);
}

/** Whether a path is one that a file of a proof may have: it leads nowhere else, whoever named it. */
export function isProofPath(path: string): boolean {
  const [first, ...rest] = path.split('/');
  if (first === PROOF) return PROOF_FILE_KEYS.some((file) => path === insidePath(file));
  if (first !== OUTPUT_FILES) return path === RESULT || path === BRIEF || path === REPORT;
  return rest.length > 0 && rest.every((step) => !['', '.', '..'].includes(step) && !/[\0\\]/.test(step));
}
