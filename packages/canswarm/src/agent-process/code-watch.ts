import { type Dirent, type FSWatcher, fstatSync, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** How long nothing more must be saved before the code is looked at again, ms. */
const QUIET_MS = 150;
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules']);
/** Files of a folder that are told apart from what is written there later. */
const FILES_MAX = 20_000;

/** Standard output and standard error. */
const OWN_OUTPUT: readonly number[] = [1, 2];

const isLeftOut = (name: string): boolean => name.startsWith('.') || LEFT_OUT.has(name);

/** A file, and what stands beside it and below its folder, watched for what is saved there. */
export class CodeWatch {
  readonly #folder: string;
  readonly #watcher: FSWatcher;
  #known: ReadonlySet<string>;
  #takesAll = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Calls `onSave` after a file that is known was saved, until `close`; `onLost` when nothing can be heard any more. Files to which this process writes by itself, given by their
   * descriptors, are none of the code: a line about each save, written beside it, would have no end.
   */
  constructor(
    file: string,
    { onSave, onLost }: { readonly onSave: () => void; readonly onLost: (error: Error) => void },
    ownOutput: readonly number[] = OWN_OUTPUT,
  ) {
    const own = new Set(ownOutput.flatMap((descriptor) => identityOf(() => fstatSync(descriptor))));
    this.#folder = dirname(file);
    this.#known = filesBelow(this.#folder);
    this.#watcher = watch(this.#folder, { recursive: true }, (_event, name) => {
      if (name === null || name.split(sep).some(isLeftOut)) return;
      if (!this.#takesAll && !this.#known.has(name)) return;
      if (identityOf(() => statSync(join(this.#folder, name))).some((one) => own.has(one))) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(onSave, QUIET_MS);
    });
    this.#watcher.on('error', (error) => {
      this.#watcher.close();
      onLost(error);
    });
  }

  /** Code was loaded that has all it needs: files that appear from now on, such as results, are nothing to it. */
  loaded(): void {
    this.#known = filesBelow(this.#folder);
    this.#takesAll = false;
  }

  /** Code could not be loaded: what it lacks may be a file that is not there yet. */
  broken(): void {
    this.#takesAll = true;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher.close();
  }
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

/** What tells a file from every other of the machine; nothing when it cannot be looked at. */
function identityOf(look: () => { readonly dev: number; readonly ino: number }): readonly string[] {
  try {
    const { dev, ino } = look();
    return [`${dev}:${ino}`];
  } catch {
    return [];
  }
}
