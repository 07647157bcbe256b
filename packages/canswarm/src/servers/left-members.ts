import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How long one may take to end in order before it is killed, ms. */
const STOP_MS = 10_000;
const LOOK_MS = 50;

/** Processes of this machine that were started with an argument; none where there is no `/proc`. */
export function processesWith(argument: string): readonly number[] {
  return processes().filter((pid) => argumentsOf(pid).includes(argument));
}

/** Lets a process end in order, and kills it when it does not. Whoever may not do so is told by the error of the system. */
export async function endProcess(pid: number, patienceMs = STOP_MS): Promise<void> {
  const isThere = (): boolean => argumentsOf(pid).length > 0;
  signal(pid, 'SIGTERM');
  for (const until = Date.now() + patienceMs; isThere() && Date.now() < until; ) await delay(LOOK_MS);
  if (isThere()) signal(pid, 'SIGKILL');
  for (const until = Date.now() + STOP_MS; isThere() && Date.now() < until; ) await delay(LOOK_MS);
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Empty once it ended, also while nobody has asked how. */
function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .filter((argument) => argument !== '');
  } catch {
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
