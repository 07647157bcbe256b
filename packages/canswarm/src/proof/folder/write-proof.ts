import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type EarlierResult, earlierResult, NOTHING_EARLIER } from './earlier-result.ts';
import { isProofPath, PROOF_FILES, type ProofBytes, placeOf } from './layout.ts';
import { surplusOnDisk } from './proof-source.ts';
import { isFolder, isMissing } from './read-regular.ts';

/**
 * Writes a proof folder, and beside it what it proves; makes the folders that lack. A proof that is there already is
 * replaced as a whole, with the result that it proved; a folder that holds anything else is left alone and throws. Throws for a path
 * that leads elsewhere, whoever named it. Passes file system errors through.
 */
export function writeProof(proof: string, files: ProofBytes): void {
  const folder = resolve(proof);
  const parent = dirname(folder);
  const stray = [...files.keys()].find((path) => !isProofPath(path));
  if (stray !== undefined) throw new Error(`a proof has no file at ${JSON.stringify(stray)}`);
  mkdirSync(parent, { recursive: true });
  requireProofOrNothing(folder);
  const earlier = existing(folder).length > 0 ? earlierResult(parent) : NOTHING_EARLIER;
  const beside = topmost(files).filter((name) => name !== 'proof');
  const replaced = [...new Set([...beside, ...earlier.names])];
  requireOwnFolders(folder, replaced, earlier);
  const draft = join(parent, `.${basename(folder)}-${randomUUID()}`);
  const made = join(draft, 'proof');
  try {
    for (const [path, bytes] of files) writeDurably(placeOf(made, path), bytes);
    for (const name of replaced) rmSync(join(parent, name), { recursive: true, force: true });
    for (const name of beside) renameSync(join(draft, name), join(parent, name));
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** What stands right in the folder that holds the proof. */
const topmost = (files: ProofBytes): readonly string[] => [
  ...new Set([...files.keys()].map((path) => path.split('/', 1)[0] ?? '')),
];

function requireProofOrNothing(folder: string): void {
  const names = new Set<string>(Object.values(PROOF_FILES));
  const foreign = existing(folder).find((name) => !names.has(name));
  if (foreign !== undefined)
    throw new Error(`${folder} holds ${foreign}, which is not part of a proof: choose another folder`);
}

/** A folder that is to be replaced may hold only what an earlier result put there. */
function requireOwnFolders(folder: string, names: readonly string[], { paths }: EarlierResult): void {
  const parent = dirname(folder);
  for (const name of names.filter((one) => isFolder(join(parent, one)))) {
    const foreign = surplusOnDisk(folder, name, paths);
    if (foreign === null) continue;
    const what = typeof foreign === 'string' ? foreign : foreign.detail;
    throw new Error(`${join(parent, name)} holds ${what}, which is not of an earlier result: choose another folder`);
  }
}

/** What a folder holds; nothing where there is none. */
function existing(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function writeDurably(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'wx');
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
