import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Report } from '../suite.ts';
import { after, type Cluster, until } from './cluster.ts';
import { diagnosed, follow, judge, NODES, post, QUESTION, REQUESTER, scene, settled } from './scenes.ts';
import { layOn, Wires } from './wires.ts';

const CUT_MS = 5_000;
const DISK_FULL = /disk is full/;
/** A node that ends closes what it has open first, ms at most. */
const GONE_MS = 10_000;

/** The network is cut between two halves while a need is worked on, and healed. Every half goes on by the log. */
export async function networkCut(report: Report, rounds: number): Promise<void> {
  const title = 'network cut';
  report.check(`${title}: this process may make network namespaces (root, iproute2)`, Wires.possible());
  if (!Wires.possible()) return;
  let met = 0;
  await scene(report, title, NODES, async (cluster) => {
    const wires = Wires.make(cluster.names);
    const [left, right] = [cluster.names.slice(0, 2), cluster.names.slice(2)];
    try {
      layOn(cluster, wires);
      const onWires = (name: string): object => ({
        before: wires.entry(name),
        env: { CANSWARM_LISTEN_ADDRESS: wires.addressOf(name) },
      });
      await cluster.startAll(onWires);
      await diagnosed(cluster, report, `${title}, before`, null);
      for (let round = 1; round <= rounds; round += 1) {
        const { needId } = await post(cluster, REQUESTER, `${QUESTION} ${round}`);
        await after(Math.random() * 3_000, () => wires.cut(left, right));
        const healed = after(CUT_MS, () => wires.heal());
        if (round === 1)
          await diagnosed(cluster, report, title, /^node node-1: .*no (?:answer from|connection with) .*node-[345]/);
        await healed;
        const events = await settled(cluster, REQUESTER, needId);
        if (events.some(({ type }) => type === 'finalized')) met += 1;
        await judge(cluster, report, `${title}, round ${round}`);
      }
    } finally {
      await cluster.stop();
      wires.remove();
    }
  });
  report.check(`${title}: every need is met`, met === rounds, `${met} of ${rounds}`);
  report.metric('cut.rounds', rounds);
  report.metric('cut.met', met);
}

const DISK_MIB = 96;
const POSTS_MAX = 40;

/** The disk of all nodes fills up in mid-lease, and is freed. */
export async function diskFull(report: Report): Promise<void> {
  const title = 'disk full';
  let mounted = '';
  const mount = (folder: string): void => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'canswarm-test', folder]);
    mounted = folder;
  };
  try {
    await scene(report, title, NODES, (cluster) => fillAndFree(cluster, report, title), {
      prepare: mount,
      mayEnd: DISK_FULL,
    });
  } finally {
    if (mounted !== '') execFileSync('umount', [mounted]);
    if (mounted !== '') rmSync(mounted, { recursive: true, force: true });
  }
}

async function fillAndFree(cluster: Cluster, report: Report, title: string): Promise<void> {
  await cluster.startAll();
  const { needId } = await post(cluster, REQUESTER, QUESTION);
  await follow(cluster, REQUESTER, needId, ({ type }) => type === 'lease_granted');
  const before = cluster.log();
  const ballast = join(cluster.home, 'ballast');
  fill(ballast, cluster.home);
  await diagnosed(cluster, report, title, /^disk of the network: the disk is full/);
  const { taken, refused } = await untilRefused(cluster);
  report.check(
    `${title}: a command is refused and says why`,
    refused !== null && /full|does not run/.test(refused),
    `${refused} after ${taken.length}`,
  );
  rmSync(ballast);
  await startAgain(cluster);
  for (const id of [needId, ...taken]) await settled(cluster, REQUESTER, id);
  const later = await post(cluster, REQUESTER, `${QUESTION} later`);
  const events = await settled(cluster, REQUESTER, later.needId);
  report.check(
    `${title}: with space again needs are met`,
    events.some(({ type }) => type === 'finalized'),
  );
  await judge(cluster, report, title, before);
}

/** Starts all that do not run. A node that met the full disk may end while it is looked at: then again. */
async function startAgain(cluster: Cluster): Promise<void> {
  for (let left = NODES; ; left -= 1) {
    try {
      return await cluster.startAll();
    } catch (error) {
      if (left === 0 || !DISK_FULL.test(String(error))) throw error;
    }
  }
}

/** Files that are there already have room left in them: posts until one is refused. What was taken must not be lost. */
async function untilRefused(
  cluster: Cluster,
): Promise<{ readonly taken: readonly string[]; readonly refused: string | null }> {
  const taken: string[] = [];
  while (taken.length < POSTS_MAX) {
    try {
      const { needId } = await post(cluster, REQUESTER, `${QUESTION} ${taken.length}`);
      taken.push(needId);
    } catch (error) {
      const refused = error instanceof Error ? error.message : String(error);
      if (!refused.includes('ended while it was asked')) return { taken, refused };
      // It ended of the full disk: whoever asks again hears that it does not run.
      await until(GONE_MS, `${REQUESTER} is gone`, async () => !cluster.runs(REQUESTER));
    }
  }
  return { taken, refused: null };
}

/** Writes until nothing more fits. */
export function fill(path: string, disk: string): void {
  const file = openSync(path, 'w');
  const block = new Uint8Array(65_536);
  try {
    while (statfsSync(disk).bavail > 0) writeSync(file, block);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
}

const LOCKED_MS = 12_000;

/** Another program holds the log's file for a while. */
export async function logLocked(report: Report): Promise<void> {
  const title = 'log locked';
  await scene(report, title, NODES, async (cluster) => {
    await cluster.startAll();
    const { needId } = await post(cluster, REQUESTER, QUESTION);
    await follow(cluster, REQUESTER, needId, ({ type }) => type === 'lease_granted');
    const before = cluster.log();
    const holder = new DatabaseSync(cluster.folder.logPath, { timeout: 5_000 });
    holder.exec('BEGIN IMMEDIATE');
    const released = after(LOCKED_MS, () => holder.close());
    await diagnosed(cluster, report, title, /^decision log: .*locked by another process/);
    await released;
    const events = await settled(cluster, REQUESTER, needId);
    report.check(
      `${title}: the need is met`,
      events.some(({ type }) => type === 'finalized'),
    );
    await judge(cluster, report, title, before);
  });
}

/** A clock that is ten minutes off, in one process of five. */
export async function clockOff(report: Report): Promise<void> {
  const title = 'a clock ten minutes off';
  for (const minutes of [10, -10]) {
    await scene(report, title, NODES, async (cluster) => {
      const shift = `const now = Date.now; Date.now = () => now() + ${minutes * 60_000};`;
      const wrong = { nodeFlags: ['--import', `data:text/javascript,${encodeURIComponent(shift)}`] };
      await cluster.startAll((name) => (name === 'node-3' ? wrong : {}));
      const direction = minutes > 0 ? 'ahead' : 'behind';
      await diagnosed(cluster, report, title, new RegExp(`^node node-3: its clock is 600 s ${direction}`));
      const { needId } = await post(cluster, REQUESTER, QUESTION);
      const events = await settled(cluster, REQUESTER, needId);
      report.check(
        `${title} (${minutes} min): the need is met`,
        events.some(({ type }) => type === 'finalized'),
      );
      const { logTime } = await cluster.status(REQUESTER);
      const off = Math.abs(logTime - Date.now());
      report.check(`${title} (${minutes} min): log time is that of the others`, off < 60_000, `${off} ms off`);
      await judge(cluster, report, title);
    });
  }
}

/** Ten processes start at the same moment, from nothing. */
export async function tenAtOnce(report: Report): Promise<void> {
  const title = 'ten at once';
  await scene(report, title, 10, async (cluster) => {
    await cluster.startAll();
    const { needId } = await post(cluster, REQUESTER, QUESTION);
    const events = await settled(cluster, REQUESTER, needId);
    report.check(
      `${title}: the need is met`,
      events.some(({ type }) => type === 'finalized'),
    );
    await judge(cluster, report, title);
  });
}
