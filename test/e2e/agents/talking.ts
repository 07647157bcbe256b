import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../../node_modules/.bin/canswarm', import.meta.url));
const SAY_MS = 90_000;

/** A command in a process of its own, and what it says. */
export class Talking {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #waiting = new Set<() => void>();
  #said = '';
  #out = '';

  constructor(args: readonly string[], cwd: string) {
    const options = options_(args);
    this.#child = spawn(process.execPath, [CLI, ...options], { stdio: ['ignore', 'pipe', 'pipe'], cwd });
    this.#child.stdout?.on('data', (chunk) => this.#hear(String(chunk), true));
    this.#child.stderr?.on('data', (chunk) => this.#hear(String(chunk), false));
    this.#gone = new Promise((resolve) => this.#child.once('close', () => resolve()));
    void this.#gone.then(() => this.#wake());
  }

  /** The first object on standard output. */
  async object(): Promise<Readonly<Record<string, unknown>>> {
    await this.#until(() => this.#out.includes('\n'));
    return JSON.parse(this.#out.split('\n')[0] ?? '') as Readonly<Record<string, unknown>>;
  }

  /** Waits until it has said something like this, on either stream. */
  says(words: RegExp): Promise<void> {
    return this.#until(() => words.test(this.#said));
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#gone;
  }

  #hear(chunk: string, isOut: boolean): void {
    this.#said += chunk;
    if (isOut) this.#out += chunk;
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #until(holds: () => boolean): Promise<void> {
    const came = Promise.withResolvers<void>();
    const look = (): void => {
      if (holds()) came.resolve();
      else if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        came.reject(new Error(`it ended: ${this.#said.slice(-2_000)}`));
    };
    this.#waiting.add(look);
    look();
    return within(SAY_MS, came.promise, () => this.#said.slice(-2_000)).finally(() => this.#waiting.delete(look));
  }
}

/** The home comes before what a program is given. */
function options_(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--');
  return at < 0 ? args : [...args.slice(0, at), ...args.slice(-2), ...args.slice(at, -2)];
}

/** A promise that rejects when it takes longer; `seen` tells what was seen until then. */
export async function within<T>(ms: number, promise: Promise<T>, seen: () => string = () => ''): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${ms} ms; ${seen()}`)), ms);
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}
