import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CAR_BYTES_MAX } from '@canswarm/content-fs';
import { GENESIS_BYTES_MAX } from '@canswarm/protocol';

/** The files of a proof: three in the proof folder, and beside the folder what they prove. */
export const PROOF_FILES = {
  genesis: 'genesis.cbor',
  audit: 'audit.jsonl',
  artifacts: 'artifacts.car',
  result: 'result.json',
  brief: 'brief.md',
} as const;

export type ProofFile = keyof typeof PROOF_FILES;
export const PROOF_FILE_KEYS = Object.keys(PROOF_FILES) as readonly ProofFile[];

/** The bytes of a proof. */
export type ProofBytes = Readonly<Record<ProofFile, Uint8Array>>;

/** In the proof folder itself; the rest lies beside it. */
const INSIDE: ReadonlySet<ProofFile> = new Set<ProofFile>(['genesis', 'audit', 'artifacts']);

const MIB = 1024 * 1024;

/** Largest file of each kind that is read, in bytes: a file must not cost more memory than what it may hold. */
export const PROOF_BYTES_MAX: Readonly<Record<ProofFile, number>> = {
  genesis: GENESIS_BYTES_MAX,
  audit: 1024 * MIB,
  artifacts: CAR_BYTES_MAX,
  // The longest brief has 64 quotes of 4096 bytes, and spelling takes several characters for one.
  result: 16 * MIB,
  brief: 16 * MIB,
};

/** Why a folder is no proof. `file` is its path below the folder that holds the proof folder. */
export interface FolderFault {
  readonly ok: false;
  readonly code: 'no_folder' | 'missing_file' | 'extra_file' | 'no_regular_file' | 'file_too_large' | 'unreadable';
  readonly file: string;
  readonly detail: string;
}

/** Path of a file of the proof in folder `proof`. */
export function proofPath(proof: string, file: ProofFile): string {
  const folder = resolve(proof);
  return join(INSIDE.has(file) ? folder : dirname(folder), PROOF_FILES[file]);
}

/** Name of a file of the proof below the folder that holds the proof folder. */
export const proofName = (file: ProofFile): string =>
  INSIDE.has(file) ? `proof/${PROOF_FILES[file]}` : PROOF_FILES[file];

/**
 * Reads the five files of a proof. The proof folder holds its three files and nothing else; every one is a regular file
 * and no link, so that what is verified is what lies there.
 */
export function readProofFolder(proof: string): { readonly ok: true; readonly files: ProofBytes } | FolderFault {
  const listed = listFolder(proof);
  if ('code' in listed) return listed;
  for (const name of listed) {
    if (![...INSIDE].some((file) => PROOF_FILES[file] === name)) {
      return fault('extra_file', name, 'a proof folder holds its three files and nothing else');
    }
  }
  const files: Partial<Record<ProofFile, Uint8Array>> = {};
  for (const file of PROOF_FILE_KEYS) {
    const read = readRegular(proofPath(proof, file), file);
    if (!(read instanceof Uint8Array)) return read;
    files[file] = read;
  }
  return { ok: true, files: files as ProofBytes };
}

/** What replaces a file after it was looked at is not followed if a link, and not waited for if a pipe. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Reads one regular file whole; a link, a pipe, a device or a file that changes meanwhile is refused, named as `name`. */
export function readRegular(path: string, file: ProofFile, name: string = PROOF_FILES[file]): Uint8Array | FolderFault {
  let descriptor: number | undefined;
  try {
    if (!lstatSync(path).isFile()) return fault('no_regular_file', name, 'not a regular file');
    descriptor = openSync(path, OPEN_FLAGS);
    const { size } = fstatSync(descriptor);
    const most = PROOF_BYTES_MAX[file];
    if (size > most) return fault('file_too_large', name, `${size} bytes, at most ${most}`);
    const bytes = new Uint8Array(size);
    let at = 0;
    for (let count = -1; count !== 0 && at < size; at += count) count = readSync(descriptor, bytes, at, size - at, at);
    return at === size ? bytes : fault('unreadable', name, 'it changed while it was read');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return fault(missing ? 'missing_file' : 'unreadable', name, missing ? 'there is no such file' : String(error));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whether a folder is there; links are followed. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function listFolder(folder: string): readonly string[] | FolderFault {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    return fault('no_folder', folder, error instanceof Error ? error.message : String(error));
  }
}

const fault = (code: FolderFault['code'], file: string, detail: string): FolderFault => ({
  ok: false,
  code,
  file,
  detail,
});
