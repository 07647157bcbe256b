import type { Suite } from '../suite.ts';
import { clockOff, diskFull, logLocked, networkCut, tenAtOnce } from './faults.ts';
import { allKilled, seatsKilled, workerKilled } from './kills.ts';

/** Five real processes over TCP and one SQLite file, killed, cut apart, starved and set back, and what the doctor says of it. */
export const processes: Suite = {
  name: 'processes',
  async run(size, report) {
    const full = size === 'full';
    await workerKilled(report);
    if (full) await seatsKilled(report);
    await allKilled(report, full ? 20 : 1);
    if (!full) return;
    await networkCut(report, 5);
    await diskFull(report);
    await logLocked(report);
    await clockOff(report);
    await tenAtOnce(report);
  },
};
