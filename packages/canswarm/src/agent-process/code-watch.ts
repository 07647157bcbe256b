import { type Dirent, type FSWatcher, readdirSync, watch } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeSnapshot } from '../skills/code-snapshot.ts';

/** How long nothing more must be saved before the code is looked at again, ms. */
const QUIET_MS = 150;
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules']);
/** Files of a folder that are told apart from what appears there later. */
const FILES_MAX = 20_000;
/** What an import may name. */
const MODULES: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '.wasm', '.node']);

const isLeftOut = (name: string): boolean => name.startsWith('.') || LEFT_OUT.has(name);

/**
 * An agent's code, watched for what is saved there. Code is what was loaded as such: logs and results may stand beside it, also those of other
 * agents, which would wake each other without end.
 */
export class CodeWatch {
  readonly #file: string;
  readonly #folder: string;
  readonly #watcher: FSWatcher;
  #isCode: (name: string) => boolean;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Calls `onSave` after code was saved, until `close`; `onLost` when nothing can be heard any more.
   * @param code what the file and its own imports were when they were loaded; null: it is not known
   */
  constructor(
    file: string,
    code: CodeSnapshot | null,
    { onSave, onLost }: { readonly onSave: () => void; readonly onLost: (error: Error) => void },
  ) {
    this.#file = file;
    this.#folder = dirname(file);
    this.#isCode = codeOf(file, code);
    this.#watcher = watch(this.#folder, { recursive: true }, (_event, name) => {
      if (name === null || name.split(sep).some(isLeftOut) || !this.#isCode(name)) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(onSave, QUIET_MS);
    });
    this.#watcher.on('error', (error) => {
      this.#watcher.close();
      onLost(error);
    });
  }

  /** Code was loaded that has all it needs. */
  loaded(code: CodeSnapshot | null): void {
    this.#isCode = codeOf(this.#file, code);
  }

  /** Code could not be loaded: what it lacks may be any module, or a file that is not there yet. */
  broken(): void {
    const known = filesBelow(this.#folder);
    this.#isCode = (name) => MODULES.has(extname(name)) || !known.has(name);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher.close();
  }
}

/** Tells the names of code, from its folder. */
function codeOf(file: string, code: CodeSnapshot | null): (name: string) => boolean {
  const files = [file, ...Object.keys(code ?? {}).map((url) => fileURLToPath(url))];
  const names = new Set(files.map((path) => relative(dirname(file), path)));
  return (name) => names.has(name);
}

/** Paths of the files below a folder, from there. */
function filesBelow(folder: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [''];
  for (let below = open.pop(); below !== undefined && found.size < FILES_MAX; below = open.pop()) {
    for (const entry of entriesOf(join(folder, below))) {
      if (isLeftOut(entry.name)) continue;
      const path = join(below, entry.name);
      if (entry.isDirectory()) open.push(path);
      else found.add(path);
    }
  }
  return found;
}

/** Nothing for a folder that went away or may not be read: no code can be loaded from there. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
