import { Worker } from 'node:worker_threads';
import type { Wanted } from './plan.ts';
import type { Run } from './run.ts';

export interface HuntOptions {
  /** What to run next; undefined: nothing more. */
  readonly next: () => Wanted | undefined;
  readonly threads: number;
  readonly onRun: (run: Run) => void;
  readonly signal?: AbortSignal;
}

const entry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/** Runs seeds, each in one of several threads, until there are no more; an abort ends it between two seeds. */
export async function hunt(options: HuntOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.threads }, () => oneThread(options)));
}

async function oneThread({ next, onRun, signal }: HuntOptions): Promise<void> {
  let worker: Worker | null = null;
  try {
    for (let wanted = next(); wanted !== undefined && signal?.aborted !== true; wanted = next()) {
      worker ??= new Worker(entry, { execArgv: [] });
      onRun(await answerOf(worker, wanted));
    }
  } finally {
    await worker?.terminate();
  }
}

/** Rejects with what the thread died of: a run that throws is a defect of the simulator, not a finding. */
const answerOf = (worker: Worker, wanted: Wanted): Promise<Run> =>
  new Promise((resolve, reject) => {
    const died = (error: unknown): void =>
      reject(new Error(`seed ${wanted.seed} ended its thread: ${String(error)}`, { cause: error }));
    worker.once('error', died);
    worker.once('message', (run: Run) => {
      worker.off('error', died);
      resolve(run);
    });
    worker.postMessage(wanted);
  });
