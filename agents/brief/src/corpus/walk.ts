import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isDocumentName } from './document-names.ts';
import type { ScanLimits, Skipped } from './skip.ts';

/** A path under the root: its text, and the bytes it is sorted by. */
export interface FoundPath {
  readonly path: string;
  readonly pathBytes: Buffer;
}

export interface Walked {
  /** Regular files named like documents, sorted by path bytes. */
  readonly files: readonly FoundPath[];
  /** Symbolic links of any name, not followed, sorted by path bytes. */
  readonly links: readonly FoundPath[];
  readonly skipped: readonly Skipped[];
}

/** Folders of version control hold no documents of people. */
const FOLDERS_LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.hg', '.svn']);

const SLASH = Buffer.from('/');
const fatalUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const byPathBytes = (a: FoundPath, b: FoundPath): number => Buffer.compare(a.pathBytes, b.pathBytes);

interface Folder {
  readonly pathBytes: Buffer;
  readonly depth: number;
}

/** The walk under way. Invariant: every list is unsorted until the walk is over. */
interface Walk {
  readonly root: Buffer;
  readonly limits: ScanLimits;
  readonly files: FoundPath[];
  readonly links: FoundPath[];
  readonly skipped: Skipped[];
  readonly folders: Folder[];
  entries: number;
}

/**
 * Finds the files under `root` without following any symbolic link, so that it always ends. Names are handled as bytes:
 * a name that is not UTF-8 is reported, not guessed.
 */
export async function walk(root: string, limits: ScanLimits, signal?: AbortSignal): Promise<Walked> {
  const state: Walk = {
    root: Buffer.from(root),
    limits,
    files: [],
    links: [],
    skipped: [],
    folders: [{ pathBytes: Buffer.alloc(0), depth: 0 }],
    entries: 0,
  };
  for (let folder = state.folders.pop(); folder !== undefined; folder = state.folders.pop()) {
    signal?.throwIfAborted();
    await walkFolder(state, folder);
  }
  return { files: state.files.sort(byPathBytes), links: state.links.sort(byPathBytes), skipped: state.skipped };
}

async function walkFolder(state: Walk, folder: Folder): Promise<void> {
  const { limits, skipped } = state;
  if (state.entries >= limits.entriesMax) {
    const reason = `not looked into: the limit of ${limits.entriesMax} folder entries is reached`;
    skipped.push({ path: shown(folder.pathBytes), code: 'too_many_entries', reason });
    return;
  }
  let entries: Dirent<Buffer>[];
  try {
    const place = folder.depth === 0 ? state.root : Buffer.concat([state.root, SLASH, folder.pathBytes]);
    entries = await readdir(place, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    if (folder.depth === 0) throw error;
    skipped.push({
      path: shown(folder.pathBytes),
      code: 'unreadable',
      reason: `folder cannot be read (${errorCode(error)})`,
    });
    return;
  }
  // Sorted, so that which entries a limit keeps does not depend on the file system's order.
  entries.sort((a, b) => Buffer.compare(a.name, b.name));
  for (const entry of entries) {
    state.entries++;
    visit(state, folder, entry);
  }
}

function visit(state: Walk, folder: Folder, entry: Dirent<Buffer>): void {
  const { limits, skipped } = state;
  const pathBytes = folder.depth === 0 ? entry.name : Buffer.concat([folder.pathBytes, SLASH, entry.name]);
  const name = utf8(entry.name);
  const interesting = entry.isDirectory() || entry.isSymbolicLink() || isDocumentName(shown(entry.name));
  if (!interesting) return;
  const path = shown(pathBytes);
  if (name === undefined) {
    skipped.push({ path, code: 'path_not_utf8', reason: 'its name is not UTF-8 text' });
  } else if (pathBytes.length > limits.pathBytesMax) {
    skipped.push({ path, code: 'path_too_long', reason: `its path is longer than ${limits.pathBytesMax} bytes` });
  } else if (entry.isSymbolicLink()) {
    state.links.push({ path, pathBytes });
  } else if (entry.isFile()) {
    state.files.push({ path, pathBytes });
  } else if (!entry.isDirectory()) {
    skipped.push({ path, code: 'not_a_file', reason: 'it is not a regular file' });
  } else if (folder.depth >= limits.depthMax) {
    skipped.push({ path, code: 'too_deep', reason: `folders are nested more than ${limits.depthMax} deep` });
  } else if (!FOLDERS_LEFT_OUT.has(name)) {
    state.folders.push({ pathBytes, depth: folder.depth + 1 });
  }
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return fatalUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const shown = (bytes: Buffer): string => bytes.toString('utf8');

/** The system's short name of an error, e.g. `EACCES`. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}
