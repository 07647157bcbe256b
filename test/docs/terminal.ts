import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Typed {
  /** -1 when it did not end in time. */
  readonly exit: number;
  /** Both outputs, as a terminal shows them. */
  readonly output: string;
}

/** Something that runs beside the page. */
export interface Beside {
  output(): string;
  /** Resolves when it has printed what `holds` of it; false when it ended or was late before. */
  until(holds: (output: string) => boolean, msMax: number): Promise<boolean>;
  /** As Ctrl-C does; after a while, harder. */
  stop(): Promise<void>;
}

const MS_MAX = 300_000;
const STOP_MS = 15_000;
/** How long after its end output may come, ms: what it leaves running may hold the pipe for ever. */
const FLUSH_MS = 2_000;

/** Keeps folder and variables from block to block, as one shell would. */
const script = (commands: string): string => `exec 2>&1
cd "$(cat "$TERMINAL/folder")"
. "$TERMINAL/variables"
set -ae
${commands}
export -p > "$TERMINAL/variables"
pwd > "$TERMINAL/folder"
`;

/** The shell in which the blocks of a page are typed. */
export class Terminal {
  readonly #env: NodeJS.ProcessEnv;
  readonly #state: string;

  /** @param state an empty folder of the terminal's own */
  constructor(folder: string, state: string, env: NodeJS.ProcessEnv) {
    this.#state = state;
    this.#env = { ...env, TERMINAL: state };
    writeFileSync(join(state, 'folder'), folder);
    writeFileSync(join(state, 'variables'), '');
  }

  /** Where it is now. */
  get folder(): string {
    return readFileSync(join(this.#state, 'folder'), 'utf8').trim();
  }

  /** Never rejects. */
  async type(commands: string): Promise<Typed> {
    const { child, output } = this.#spawn(commands);
    const closed = once(child, 'close');
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      signal(child, 'SIGKILL');
    }, MS_MAX);
    const exit = await new Promise<number>((resolve) => {
      child.on('exit', (code) => resolve(late ? -1 : (code ?? -1)));
      child.on('error', () => resolve(-1));
    });
    clearTimeout(timer);
    await Promise.race([closed, once(AbortSignal.timeout(FLUSH_MS), 'abort')]);
    return { exit, output: output() };
  }

  /** Types into another terminal at the same place, which goes on. */
  beside(commands: string): Beside {
    const { child, output } = this.#spawn(commands);
    const ended = new Promise<void>((resolve) => {
      child.on('exit', () => resolve());
      child.on('error', () => resolve());
    });
    const stop = async (): Promise<void> => {
      signal(child, 'SIGINT');
      const timer = setTimeout(() => signal(child, 'SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    };
    const until = async (holds: (output: string) => boolean, msMax: number): Promise<boolean> => {
      const over = AbortSignal.any([AbortSignal.timeout(msMax), abortedBy(ended)]);
      while (!holds(output())) {
        if (over.aborted) return false;
        const more = new AbortController();
        const { signal: heard } = more;
        child.stdout?.once('data', () => more.abort());
        await once(AbortSignal.any([over, heard]), 'abort');
      }
      return true;
    };
    return { output, until, stop };
  }

  #spawn(commands: string): { readonly child: ChildProcess; output(): string } {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const child = spawn('sh', ['-c', script(commands)], { env: this.#env, detached: true, stdio: [...stdio] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    return { child, output: () => Buffer.concat(chunks).toString('utf8') };
  }
}

function abortedBy(ended: Promise<void>): AbortSignal {
  const controller = new AbortController();
  void ended.then(() => controller.abort());
  return controller.signal;
}

/** To the process and all that it started. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended.
  }
}
