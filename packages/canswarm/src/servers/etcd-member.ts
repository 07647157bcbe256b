import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** How long a member may take to end in order before it is killed, ms. */
const STOP_MS = 10_000;

export interface MemberOptions {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly clientUrl: string;
  /** Where its words go, beside those of its earlier runs. */
  readonly logPath: string;
}

/** One etcd process of this machine, which may run, stop and run again. */
export class EtcdMember {
  readonly #options: MemberOptions;
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get clientUrl(): string {
    return this.#options.clientUrl;
  }

  get logPath(): string {
    return this.#options.logPath;
  }

  /** null while it does not run. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Resolves when the process that runs now has ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  start(): void {
    if (this.#child !== null) return;
    const { program, args, logPath } = this.#options;
    mkdirSync(dirname(logPath), { recursive: true, mode: 0o700 });
    const out = openSync(logPath, 'a', 0o600);
    const child = spawn(program, [...args], { stdio: ['ignore', out, out] });
    closeSync(out);
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      const over = (): void => {
        if (this.#child === child) this.#child = null;
        resolve();
      };
      child.once('exit', over);
      child.once('error', over);
    });
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** Lets it end in order. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}
