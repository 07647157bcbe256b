import { parentPort, workerData } from 'node:worker_threads';
import { verifyBytes } from '../../../src/proof/verify-proof.ts';
import { crypto } from '../small-log.ts';
import { bitAt, type Flaw, Flipper } from './flip.ts';
import type { FlipJob, FlipProgress } from './job.ts';
import { LineMemo } from './line-memo.ts';

const { files, next, chunk, flips, stride } = workerData as FlipJob;
const memo = new LineMemo();
const whole = verifyBytes(files, { crypto, memo });
if (!whole.ok) throw new Error(whole.report.error?.sentence ?? 'the proof does not hold');
const flipper = new Flipper(files, memo);
for (;;) {
  const first = Atomics.add(next, 0, 1) * chunk;
  if (first >= flips) break;
  const last = Math.min(flips, first + chunk);
  const flaws: Flaw[] = [];
  for (let flip = first; flip < last; flip += 1) {
    const flaw = flipper.flip(bitAt(files, flip * stride));
    if (flaw !== null) flaws.push(flaw);
  }
  const progress: FlipProgress = { tried: last - first, flaws };
  parentPort?.postMessage(progress);
}
