import { lstatSync, opendirSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { PROOF_FILES, type ProofBytes, placeOf } from './layout.ts';
import { type FolderFault, folderAbsence, folderFault, isMissing, readRegular } from './read-regular.ts';

/** Where the files of a proof and of its result are read from, by their paths. */
export interface ProofSource {
  /** A file of at most `bytesMax` bytes. */
  read(path: string, bytesMax: number): Uint8Array | FolderFault;
  /** The path of something below `folder` that none of `due` names, or null; links are not followed, empty folders count. */
  surplus(folder: string, due: ReadonlySet<string>): string | FolderFault | null;
}

/** Files in memory. */
export function heldSource(files: ProofBytes): ProofSource {
  return {
    read(path, bytesMax) {
      const bytes = files.get(path);
      if (bytes === undefined) return folderFault('missing_file', nameOf(path), 'there is no such file');
      if (bytes.length <= bytesMax) return bytes;
      return folderFault('file_too_large', nameOf(path), `${bytes.length} bytes, at most ${bytesMax}`);
    },
    surplus: (folder, due) => [...files.keys()].find((path) => path.startsWith(`${folder}/`) && !due.has(path)) ?? null,
  };
}

/**
 * The files of a proof folder and those beside it. A folder that has none of the three files of a proof is not taken for one
 * (`no_proof`); one that has any must hold the three and nothing else. Every file that is read must be a regular one and no link, so that
 * what is verified is what lies there.
 */
export function folderSource(proof: string): { readonly ok: true; readonly source: ProofSource } | FolderFault {
  const names = new Set<string>(Object.values(PROOF_FILES));
  let held: readonly string[];
  try {
    held = readdirSync(proof).sort();
  } catch (error) {
    return folderFault('no_folder', proof, folderAbsence(proof, error));
  }
  if (!held.some((name) => names.has(name))) {
    return folderFault('no_proof', proof, `it holds none of the files of a proof (${[...names].join(', ')})`);
  }
  const extra = held.find((name) => !names.has(name));
  if (extra !== undefined)
    return folderFault('extra_file', extra, 'a proof folder holds its three files and nothing else');
  const source: ProofSource = {
    read: (path, bytesMax) => readRegular(placeOf(proof, path), bytesMax, nameOf(path)),
    surplus: (folder, due) => surplusOnDisk(proof, folder, due),
  };
  return { ok: true, source };
}

/** What a fault calls a file: those of the proof folder without their folder. */
const nameOf = (path: string): string => (path.startsWith('proof/') ? basename(path) : path);

/**
 * The path of something below a folder that is not due, or null. Walks until it finds it: so it looks at no more than what is due, and
 * one more.
 */
export function surplusOnDisk(proof: string, folder: string, due: ReadonlySet<string>): string | FolderFault | null {
  const dueFolders = foldersOf(due);
  const pending = [folder];
  try {
    if (!lstatSync(placeOf(proof, folder)).isDirectory()) return folder;
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const opened = opendirSync(placeOf(proof, at));
      try {
        for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) {
          const path = `${at}/${entry.name}`;
          if (entry.isDirectory() && dueFolders.has(path)) pending.push(path);
          else if (entry.isDirectory() || !due.has(path)) return path;
        }
      } finally {
        opened.closeSync();
      }
    }
    return null;
  } catch (error) {
    return isMissing(error) ? null : folderFault('unreadable', folder, String(error));
  }
}

/** The folders on the way to files. */
function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
