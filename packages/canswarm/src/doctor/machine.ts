import { accessSync, constants, statSync } from 'node:fs';
import { open, rename, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { Examination } from './finding.ts';
import { withTemporaryFolder } from './storage.ts';

const MEBIBYTE = 1024 * 1024;
const DISK_LEAST = 64 * MEBIBYTE;
const DISK_WARN = 1024 * MEBIBYTE;
const THREAD_MS = 10_000;
const CLOCK_READS = 100_000;
/** Before this no release of this program was made, ms. */
const CLOCK_EARLIEST = Date.UTC(2025, 0, 1);

/** About the folder where canswarm keeps what outlives a command. */
export const dataFolderExamination = (folder: string): Examination => ({
  name: 'data folder',
  means: 'What outlives a command is kept there; it is made when it is first needed.',
  todo: 'Name a folder that you may write: --home FOLDER or CANSWARM_HOME',
  async look() {
    let existing = folder;
    while (statSync(existing, { throwIfNoEntry: false }) === undefined && dirname(existing) !== existing) {
      existing = dirname(existing);
    }
    if (!statSync(existing).isDirectory()) throw new Error(`${existing} is no folder`);
    accessSync(existing, constants.W_OK | constants.X_OK);
    return { found: existing === folder ? `${folder} can be written` : `${folder} can be made in ${existing}` };
  },
});

export const temporaryExamination: Examination = {
  name: 'temporary folder',
  means: 'A network in one process keeps its log, stores and blocks there while it runs.',
  todo: 'Set TMPDIR to a folder on a local disk that you may write.',
  look: () =>
    withTemporaryFolder(async (folder) => {
      const file = await open(join(folder, 'a'), 'wx');
      await file.write('a');
      await file.sync();
      await file.close();
      await rename(join(folder, 'a'), join(folder, 'b'));
      return { found: `${tmpdir()} takes files, syncs and renames` };
    }),
};

export const diskExamination: Examination = {
  name: 'disk space',
  means: 'Documents are copied into blocks, so a brief needs about twice the size of the documents for a while.',
  todo: `Free some space: at least ${DISK_LEAST / MEBIBYTE} MiB, or set TMPDIR to another disk.`,
  async look() {
    const { bavail, bsize } = await statfs(tmpdir());
    const free = bavail * bsize;
    const found = `${Math.floor(free / MEBIBYTE)} MiB free in ${tmpdir()}`;
    if (free < DISK_LEAST) throw new Error(found);
    return free < DISK_WARN ? { found, warn: 'Large folders may not fit: free some space, or set TMPDIR.' } : { found };
  },
};

export const clockExamination: Examination = {
  name: 'clock',
  means: 'Nodes date what they send, and time out by a clock that must not go backwards.',
  todo: 'Set the date of this machine, and let it keep time (NTP).',
  async look() {
    let last = performance.now();
    for (let read = 0; read < CLOCK_READS; read += 1) {
      const now = performance.now();
      if (now < last) throw new Error(`the monotonic clock went back by ${last - now} ms`);
      last = now;
    }
    const now = Date.now();
    if (now < CLOCK_EARLIEST) throw new Error(`it says ${new Date(now).toISOString()}`);
    return { found: `${new Date(now).toISOString()}, and never went back` };
  },
};

export const threadsExamination: Examination = {
  name: 'threads',
  means: 'Skills run in worker threads, so that a busy one delays no vote.',
  todo: 'Allow this process to start threads (see ulimit -u and the limits of the container).',
  look: () =>
    new Promise((resolve, reject) => {
      const worker = new Worker('require("node:worker_threads").parentPort.postMessage(1)', { eval: true });
      const late = setTimeout(() => reject(new Error(`no thread within ${THREAD_MS} ms`)), THREAD_MS);
      const settle = (act: () => void): void => {
        clearTimeout(late);
        void worker.terminate();
        act();
      };
      worker.once('message', () => settle(() => resolve({ found: 'a thread started and answered' })));
      worker.once('error', (error) => settle(() => reject(error)));
    }),
};
