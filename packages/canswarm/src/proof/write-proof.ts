import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type CarContents, writeCar } from '@canswarm/content-fs';
import { encodeGenesis, type Genesis, utf8 } from '@canswarm/protocol';
import { type AuditEntry, exportAudit } from '../audit/audit-text.ts';
import { PROOF_FILE_KEYS, PROOF_FILES, type ProofBytes, type ProofFile, proofPath } from './layout.ts';

/** What a proof is made of. */
export interface ProofParts {
  readonly genesis: Genesis;
  readonly entries: Iterable<AuditEntry>;
  readonly car: CarContents;
  /** result.json and brief.md as the renderers give them. */
  readonly result: string;
  readonly brief: string;
}

/** The bytes of every file of a proof. Throws RangeError for more blocks or bytes than a CAR file takes. */
export function proofBytes({ genesis, entries, car, result, brief }: ProofParts): ProofBytes {
  return {
    genesis: encodeGenesis(genesis),
    audit: utf8(exportAudit(entries)),
    artifacts: writeCar(car.roots, car.blocks),
    result: utf8(result),
    brief: utf8(brief),
  };
}

/**
 * Writes a proof folder, and beside it what it proves; makes the folders that lack. A proof that is there already is
 * replaced as a whole; a folder that holds anything else is left alone and throws. Passes file system errors through.
 */
export function writeProof(proof: string, files: ProofBytes): void {
  const folder = resolve(proof);
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  requireProofOrNothing(folder);
  const draft = join(parent, `.${basename(folder)}-${randomUUID()}`);
  mkdirSync(draft);
  try {
    for (const file of PROOF_FILE_KEYS) writeDurably(join(draft, PROOF_FILES[file]), files[file]);
    for (const file of outside(folder)) renameSync(join(draft, PROOF_FILES[file]), proofPath(folder, file));
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const outside = (folder: string): readonly ProofFile[] =>
  PROOF_FILE_KEYS.filter((file) => dirname(proofPath(folder, file)) !== folder);

function requireProofOrNothing(folder: string): void {
  const names = new Set<string>(Object.values(PROOF_FILES));
  const foreign = existing(folder).find((name) => !names.has(name));
  if (foreign !== undefined)
    throw new Error(`${folder} holds ${foreign}, which is not part of a proof: choose another folder`);
}

function existing(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, 'wx');
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
