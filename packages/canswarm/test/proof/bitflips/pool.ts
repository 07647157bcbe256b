import { Worker } from 'node:worker_threads';
import type { ProofBytes } from '../../../src/proof/folder/layout.ts';
import type { Flaw } from './flip.ts';
import type { FlipJob, FlipProgress } from './job.ts';

const CHUNK = 512;

/** Tries flips on several threads that share the work. `flips` of them, `stride` bits apart. */
export async function flipAll(
  files: ProofBytes,
  { threads, flips, stride }: { readonly threads: number; readonly flips: number; readonly stride: number },
  onProgress: (tried: number) => void = () => undefined,
): Promise<{ readonly tried: number; readonly flaws: readonly Flaw[] }> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const job: FlipJob = { files, next, chunk: CHUNK, flips, stride };
  const flaws: Flaw[] = [];
  let tried = 0;
  const work = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: job });
    return new Promise<void>((resolve, reject) => {
      worker.on('message', (progress: FlipProgress) => {
        tried += progress.tried;
        flaws.push(...progress.flaws);
        onProgress(tried);
      });
      worker.once('error', reject);
      worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    });
  });
  await Promise.all(work);
  return { tried, flaws };
}
