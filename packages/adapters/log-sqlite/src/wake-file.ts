import { closeSync, constants, type FSWatcher, fstatSync, openSync, statSync, watch, writeSync } from 'node:fs';

/** Written over itself, so that a full disk takes it too. */
const TOUCH = Uint8Array.of(0x0a);

export interface WakeFileOptions {
  /** Beside the database; made when it is missing, with the rights of its owner alone. */
  readonly path: string;
  /** Told after somebody has touched the file, this process included. Several touches may be one call. */
  readonly onWake: () => void;
  /** Told when the file stops being watched, with the reason, and with null when it is watched again. */
  readonly onWatch: (problem: Error | null) => void;
}

/**
 * A file of one byte that whoever has committed writes anew, so that the kernel tells all who watch it. Only a hint: what it
 * says is always looked up in the database, and a touch or a watch that fails costs promptness, nothing else.
 *
 * The write-ahead log itself cannot be watched for this: its last write comes before the sync that makes a commit visible, and
 * what makes it visible is a store to shared memory, of which the kernel tells nobody.
 *
 * Invariant: once `check` has returned without telling a problem, a later touch by anybody calls `onWake`.
 */
export class WakeFile {
  readonly #options: WakeFileOptions;
  #file: number | undefined;
  #watcher: FSWatcher | undefined;
  #isWatched: boolean | undefined;
  #closed = false;

  constructor(options: WakeFileOptions) {
    this.#options = options;
    this.check();
  }

  touch(): void {
    try {
      if (this.#file !== undefined) writeSync(this.#file, TOUCH, 0, 1, 0);
    } catch {
      // The others find the commit when they next look.
    }
  }

  /** Watches again when the watch or the file itself was lost. To be called now and then. */
  check(): void {
    if (this.#closed || (this.#watcher !== undefined && this.#isThere())) return;
    this.#release();
    try {
      this.#file = openSync(this.#options.path, constants.O_RDWR | constants.O_CREAT, 0o600);
      this.#watcher = this.#watch();
      this.#tell(null);
    } catch (error) {
      this.#tell(error instanceof Error ? error : new Error(String(error)));
    }
  }

  close(): void {
    this.#closed = true;
    this.#release();
  }

  #watch(): FSWatcher {
    const watcher = watch(this.#options.path, { persistent: false }, () => this.#options.onWake());
    watcher.on('error', (error) => {
      if (watcher !== this.#watcher) return;
      this.#release();
      this.#tell(error instanceof Error ? error : new Error(String(error)));
    });
    return watcher;
  }

  /** Whether the path still leads to the file that is open and watched. */
  #isThere(): boolean {
    if (this.#file === undefined) return false;
    try {
      const [own, there] = [fstatSync(this.#file), statSync(this.#options.path)];
      return own.ino === there.ino && own.dev === there.dev;
    } catch {
      return false;
    }
  }

  #release(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #tell(problem: Error | null): void {
    const isWatched = problem === null;
    if (isWatched === this.#isWatched || (isWatched && this.#isWatched === undefined)) {
      this.#isWatched = isWatched;
      return;
    }
    this.#isWatched = isWatched;
    this.#options.onWatch(problem);
  }
}
