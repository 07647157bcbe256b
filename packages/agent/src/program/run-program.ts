import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a program may do. */
export interface ProgramLimits {
  readonly timeoutMs: number;
  /** Bytes taken from its standard output. */
  readonly outputBytesMax: number;
}

/** Where a program runs, and who hears what it says meanwhile. */
export interface ProgramPlace {
  /** Its working folder; absent: that of this process. */
  readonly cwd?: string;
  /** Called for each line of standard error. */
  readonly onLine?: (line: string) => void;
}

/** Why a program gave no answer. The message may hold what it wrote to standard error: escape it before a terminal sees it. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly code: 'not_started' | 'timeout' | 'too_much_output' | 'failed';

  constructor(code: ProgramError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** How much of standard error is kept for the message, in characters. */
const COMPLAINT_LENGTH_MAX = 200;
const LINE_LENGTH_MAX = 2_048;

/**
 * Runs a program with `input` on its standard input and gives what it writes to standard output. It runs as the user and
 * unconfined, in a process group of its own that is killed when it is over time, writes too much, or the signal is aborted.
 * Rejects with ProgramError, or with the signal's reason.
 */
export async function runProgram(
  command: readonly [string, ...string[]],
  input: AsyncIterable<string>,
  limits: ProgramLimits,
  signal: AbortSignal,
  { cwd, onLine }: ProgramPlace = {},
): Promise<Uint8Array> {
  signal.throwIfAborted();
  const [program, ...args] = command;
  const child: Child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    timeout: limits.timeoutMs,
    killSignal: 'SIGKILL',
  });
  const ending = new AbortController();
  const end = (reason: unknown): void => {
    if (!ending.signal.aborted) ending.abort(reason);
    if (isRunning(child)) killGroup(child);
  };
  const onAbort = (): void => end(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  child.once('exit', (_code, killedBy) => {
    const overTime = killedBy === 'SIGKILL' && child.killed && !ending.signal.aborted;
    if (overTime) end(new ProgramError('timeout', `the program did not answer within ${limits.timeoutMs} ms`));
    // What it started and left behind would keep its standard output open.
    killGroup(child);
  });
  try {
    const [output, complaint, exit] = await Promise.all([
      collect(child.stdout, limits.outputBytesMax, end),
      complaintOf(child.stderr, onLine),
      exitOf(child),
      feed(child.stdin, input, ending.signal),
    ]);
    ending.signal.throwIfAborted();
    if (exit !== undefined)
      throw new ProgramError(exit.code, `${exit.message}${complaint === '' ? '' : `: ${complaint}`}`);
    return output;
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (isRunning(child)) killGroup(child);
  }
}

/** Only while it runs, or at the moment it ends, is its process id certainly its own. */
const isRunning = (child: Child): boolean => child.exitCode === null && child.signalCode === null;

/** Kills the program and whatever it started in its group. Does nothing when all have ended. */
function killGroup(child: Child): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** A program need not read all of its input, or any. */
async function feed(stdin: Writable, input: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(input, stdin, { signal });
  } catch (error) {
    const closed = error instanceof Error && 'code' in error && CLOSED.has(String(error.code));
    if (!closed && !signal.aborted) throw error;
  }
}

const CLOSED: ReadonlySet<string> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
]);

async function collect(stdout: Readable, bytesMax: number, end: (reason: unknown) => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of stdout) {
    if (!(chunk instanceof Uint8Array)) continue;
    total += chunk.length;
    if (total <= bytesMax) chunks.push(chunk);
    else end(new ProgramError('too_much_output', `the program wrote more than ${bytesMax} bytes`));
  }
  return Buffer.concat(chunks);
}

async function complaintOf(stderr: Readable, onLine: ProgramPlace['onLine']): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let line = '';
  for await (const chunk of stderr) {
    if (!(chunk instanceof Uint8Array)) continue;
    const said = decoder.decode(chunk, { stream: true });
    text = (text + said).slice(-COMPLAINT_LENGTH_MAX);
    if (onLine === undefined) continue;
    const lines = (line + said).split('\n');
    line = (lines.pop() ?? '').slice(0, LINE_LENGTH_MAX);
    for (const whole of lines) onLine(whole.slice(0, LINE_LENGTH_MAX));
  }
  if (line !== '') onLine?.(line);
  return text.trim();
}

/** How the program ended badly; undefined when it ended well. */
function exitOf(child: Child): Promise<{ code: 'not_started' | 'failed'; message: string } | undefined> {
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ code: 'not_started', message: `the program cannot be run (${error.message})` }),
    );
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve(undefined);
      else resolve({ code: 'failed', message: `the program ended with ${killedBy ?? `exit code ${code}`}` });
    });
  });
}
