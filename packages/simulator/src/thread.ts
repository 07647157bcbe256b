import { parentPort } from 'node:worker_threads';
import type { Wanted } from './plan.ts';
import { planOf, simulate } from './run.ts';

/* The entry of a worker thread: runs one seed after the other. */

const port = parentPort;
if (port === null) throw new Error('this file is the entry of a worker thread');
port.on('message', (wanted: Wanted) => {
  void simulate(planOf(wanted)).then((run) => port.postMessage(run));
});
