import type { CheckDocument, UnreadFile } from './types.ts';

/** The files that a name may mean. */
export interface Resolution {
  /** Indices of documents. */
  readonly documents: readonly number[];
  /** Files that are there but were not read. */
  readonly unread: readonly UnreadFile[];
}

interface Entry {
  /** Parts of the path, those of the folder itself before them. */
  readonly parts: readonly string[];
  readonly path: string;
  readonly document: number | null;
  readonly unread: UnreadFile | null;
}

const FOLDER_PARTS_MAX = 32;

/** Finds files by how people name them: by the whole path, by its end, with or without the folder's own name. */
export class FileIndex {
  readonly #byName = new Map<string, Entry[]>();
  readonly #resolved = new Map<string, Resolution>();

  constructor(documents: readonly CheckDocument[], unread: readonly UnreadFile[], folder: string) {
    const outer = folder
      .replaceAll('\\', '/')
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .slice(-FOLDER_PARTS_MAX);
    for (const [document, { path }] of documents.entries()) this.#add(outer, path, document, null);
    for (const file of unread) this.#add(outer, file.path, null, file);
  }

  /**
   * The files whose path ends with the name, part by part. A file at exactly this path comes before those further down; letter
   * case is disregarded only if nothing fits otherwise.
   */
  resolve(name: string): Resolution {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const resolution = this.#find(name);
    this.#resolved.set(name, resolution);
    return resolution;
  }

  #find(name: string): Resolution {
    const parts = name.split('/');
    const entries = this.#byName.get((parts.at(-1) ?? '').toLowerCase()) ?? [];
    const fitting = entries.filter((entry) => endsWith(entry.parts, parts));
    const exact = fitting.filter(({ path }) => path === name);
    const folded = parts.map((part) => part.toLowerCase());
    const chosen =
      exact.length > 0
        ? exact
        : fitting.length > 0
          ? fitting
          : entries.filter((entry) =>
              endsWith(
                entry.parts.map((part) => part.toLowerCase()),
                folded,
              ),
            );
    return {
      documents: chosen.flatMap(({ document }) => document ?? []),
      unread: chosen.flatMap(({ unread }) => unread ?? []),
    };
  }

  #add(outer: readonly string[], path: string, document: number | null, unread: UnreadFile | null): void {
    const parts = path.split('/');
    const name = (parts.at(-1) ?? '').toLowerCase();
    const entry = { parts: [...outer, ...parts], path, document, unread };
    const known = this.#byName.get(name);
    if (known === undefined) this.#byName.set(name, [entry]);
    else known.push(entry);
  }
}

function endsWith(parts: readonly string[], end: readonly string[]): boolean {
  const offset = parts.length - end.length;
  return offset >= 0 && end.every((part, index) => parts[offset + index] === part);
}
