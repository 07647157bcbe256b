import type { Report, Size, Suite } from '../suite.ts';
import { clockOff, diskFull, logLocked, networkCut, tenAtOnce } from './faults.ts';
import { allKilled, seatsKilled, workerKilled } from './kills.ts';
import { repeatedPost } from './repeated.ts';

const SLICE = ['worker-killed', 'all-killed', 'repeated-post'];

const SCENES: Readonly<Record<string, (report: Report, size: Size) => Promise<void>>> = {
  'worker-killed': workerKilled,
  'seats-killed': seatsKilled,
  'all-killed': (report, size) => allKilled(report, size === 'full' ? 20 : 1),
  'repeated-post': repeatedPost,
  'network-cut': (report) => networkCut(report, 5),
  'disk-full': diskFull,
  'log-locked': logLocked,
  'clock-off': clockOff,
  'ten-at-once': tenAtOnce,
};

/** Five real processes over TCP and one SQLite file, killed, cut apart, starved and set back, and what the doctor says of it. */
export const processes: Suite = {
  name: 'processes',
  parts: Object.entries(SCENES).map(([name, play]) => ({
    name: `processes/${name}`,
    run: (size, report) => play(report, size),
  })),
  async run(size, report) {
    for (const [name, play] of Object.entries(SCENES)) {
      if (size === 'full' || SLICE.includes(name)) await play(report, size);
    }
  },
};
