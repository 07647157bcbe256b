import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { WorkRequest } from '@canswarm/api';
import { NetworkFolder, NodeClient } from 'canswarm';
import { pack } from '../../scripts/pack.ts';
import { openRepository } from '../../scripts/repository/repository.ts';
import { linkedWorld, unpack } from '../../test/packages/linked-world.ts';
import { figure, median } from '../measure.ts';
import type { Metrics } from '../metrics.ts';

const ROOT = join(import.meta.dirname, '../..');
const RUNS = 5;
const NAME = 'acme';
const LATE_MS = 60_000;
const LOOK_MS = 5;

/** Work that nobody here can do: that the log takes it is enough. */
const WORK: WorkRequest = {
  skill: 'nobody-has-it',
  input: {},
  files: [],
  goal: null,
  budget: 2_000_000,
  deadlineMs: null,
  inputSchema: { type: 'object' },
  outputSchema: { type: 'object' },
  verification: { checks: [], module: null, example: null },
  plan: null,
};

/**
 * From the start of `canswarm up` to the first need that its log has taken: the command as it is installed, in a process that finds no
 * home, no keys and no compiled code. Beside it the same process that only loads the library.
 */
export async function coldStartBench(say: (line: string) => void): Promise<Metrics> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'canswarm-bench-')));
  try {
    const modules = install(folder);
    const [starts, loads]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      const place = join(folder, `run-${run}`);
      mkdirSync(place);
      loads.push(load(modules, join(place, 'load')));
      starts.push(await start(modules, place));
    }
    say(`agents: ${RUNS} cold starts, ${starts.map(figure).join(', ')} ms`);
    return { coldStartMs: figure(median(starts)), 'coldStart.loadMs': figure(median(loads)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The packed packages beside the third-party ones of this repository; the folder of them all. */
function install(folder: string): string {
  const unpacked = join(folder, 'unpacked');
  for (const { name, file } of pack(openRepository(ROOT), join(folder, 'tarballs'))) {
    const place = join(unpacked, name);
    mkdirSync(place, { recursive: true });
    unpack(file, place);
  }
  return join(linkedWorld(ROOT, unpacked, join(folder, 'linked')).folder, 'node_modules');
}

/** Nothing of an earlier run: compiled code goes into a folder of its own. */
const fresh = (folder: string): NodeJS.ProcessEnv => ({ ...process.env, NODE_COMPILE_CACHE: folder });

/** Milliseconds that a process takes which loads the library and ends. */
function load(modules: string, cache: string): number {
  const from = performance.now();
  const args = ['--input-type=module', '--eval', "await import('canswarm'); process.exit()"];
  execFileSync(process.execPath, args, { cwd: join(modules, '..'), env: fresh(cache), timeout: LATE_MS });
  return performance.now() - from;
}

async function start(modules: string, place: string): Promise<number> {
  const home = join(place, 'home');
  const args = [join(modules, '.bin/canswarm'), 'up', '--org', NAME, '--home', home];
  const from = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore', env: fresh(join(place, 'cache')) });
  try {
    await firstNeed(child, new NodeClient(new NetworkFolder(home, 'local').node(NAME)), from + LATE_MS);
    return performance.now() - from;
  } finally {
    const gone = child.exitCode === null ? once(child, 'exit') : null;
    child.kill('SIGTERM');
    await gone;
  }
}

/** Posts a need as soon as the node takes one. */
async function firstNeed(child: ChildProcess, client: NodeClient, until: number): Promise<void> {
  for (;;) {
    try {
      await client.postWork({ body: WORK });
      return;
    } catch (error) {
      if (child.exitCode !== null || performance.now() > until) throw error;
    }
    await wait(LOOK_MS);
  }
}
