import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Cid, cidOf, utf8 } from '@canswarm/protocol';
import { localCrypto } from 'canswarm';
import { HARMS, type Harm, type HostileConfig } from '../../world/bus/harms.ts';
import { type Delivery, Swarm } from '../../world/bus/swarm.ts';
import type { Report, Suite } from '../suite.ts';
import { type Cluster, until } from './cluster.ts';
import { diagnosed, judge, NODES, post, QUESTION, REQUESTER, scene, settled } from './scenes.ts';

const HOSTILE = fileURLToPath(new URL('../../world/bus/hostile.ts', import.meta.url));
const RATE = 200;
const SECONDS = 6;
const ROUNDS = 3;
/** Harms that take longer than a round: what is not read fills its window first, and is waited for ten seconds more. */
const LASTING: readonly Harm[] = ['slow-reader'];
/** Those that are cut off at once, whatever else goes on. */
const QUICK: readonly Harm[] = HARMS.filter((harm) => harm !== 'connections' && !LASTING.includes(harm));
const RATIO_MOST = 3;
/** Dials, and streams on them, may take ten seconds each. */
const BEGIN_MS = 30_000;
const CUT_OFF_MS = 20_000;
const ATTACKED: readonly string[] = ['node-2', 'node-3'];
const KEYS = 3;
const GATHER_MS = 5;

/** Peers that mean harm: honest ones go on talking to each other, and cut them off. */
export const hostilePeer: Suite = {
  name: 'hostile-peer',
  async run(size, report) {
    const full = size === 'full';
    await bus(report, full ? HARMS : ['garbage'], full ? ROUNDS : 1);
    if (full) await network(report);
  },
};

async function bus(report: Report, harms: readonly Harm[], rounds: number): Promise<void> {
  const name = cidOf(utf8('hostile peers'), 'raw', localCrypto().sha256);
  const swarm = await Swarm.start({
    kind: 'node',
    peers: NODES,
    network: name,
    keys: KEYS,
    gatherMs: GATHER_MS,
    length: 0,
  });
  try {
    await swarm.publish(RATE, 2);
    for (const harm of harms) {
      const config = { harm, targets: swarm.addresses.slice(0, 2), network: name };
      const [quiet, harmed] = [[] as Delivery[], [] as Delivery[]];
      const lasts = LASTING.includes(harm);
      for (let left = rounds; left > 0; left -= lasts ? rounds : 1) {
        const times = lasts ? rounds : 1;
        quiet.push(...(await published(swarm, times)));
        harmed.push(...(await withHarm(config, () => published(swarm, times))));
      }
      judgeHarm(report, harm, quiet, harmed);
    }
  } finally {
    await swarm.close();
  }
}

async function published(swarm: Swarm, times: number): Promise<readonly Delivery[]> {
  const all: Delivery[] = [];
  for (let time = 0; time < times; time += 1) all.push(await swarm.publish(RATE, SECONDS));
  return all;
}

function judgeHarm(report: Report, harm: Harm, quiet: readonly Delivery[], harmed: readonly Delivery[]): void {
  const lost = harmed.reduce((sum, { said, delivered }) => sum + said - delivered, 0);
  report.check(`${harm}: everything honest arrives`, lost === 0, `${lost} lost`);
  const cutOff = (harmed.at(-1)?.cutOff ?? 0) - (quiet[0]?.cutOff ?? 0);
  if (harm !== 'connections') report.check(`${harm}: it is cut off`, cutOff > 0);
  const ratio = median(harmed.map(p99)) / median(quiet.map(p99));
  report.check(`${harm}: p99 at most ${RATIO_MOST} times quiet`, ratio <= RATIO_MOST, ratio.toFixed(2));
  report.metric(`${harm}.rounds`, harmed.length);
  report.metric(`${harm}.p99Ms`, rounded(median(harmed.map(p99))));
  report.metric(`${harm}.p99Ratio`, rounded(ratio));
}

const rounded = (value: number): number => Number(value.toPrecision(3));

function p99({ latencies }: Delivery): number {
  const sorted = [...latencies].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Runs something while a hostile process does its worst. */
async function withHarm<T>(config: HostileConfig, run: () => Promise<T>): Promise<T> {
  const hostile = await begin(config);
  try {
    return await run();
  } finally {
    const gone = new Promise<void>((resolve) => hostile.once('exit', () => resolve()));
    hostile.kill('SIGKILL');
    await gone;
  }
}

function begin(config: HostileConfig): Promise<ChildProcess> {
  const child = fork(HOSTILE, [JSON.stringify(config)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), BEGIN_MS);
    child.once('message', () => {
      clearTimeout(late);
      resolve(child);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      reject(new Error(`the hostile process (${config.harm}) ended with ${signal ?? code} before it began`));
    });
  });
}

/** All harms at once to two of five real nodes: needs are met, and the doctor says that somebody was cut off. */
async function network(report: Report): Promise<void> {
  const title = 'hostile peers of a network';
  await scene(report, title, NODES, async (cluster) => {
    await cluster.startAll();
    await timed(cluster, 'warm-up');
    const quiet = [await timed(cluster, 'a'), await timed(cluster, 'b'), await timed(cluster, 'c')];
    const statuses = await Promise.all(ATTACKED.map((name) => cluster.status(name)));
    const targets = statuses.map(({ transport }) => transport.addresses[0] ?? '');
    const name: Cid = cluster.folder.node(REQUESTER).read().network;
    // The last of them begins last: a flood of connections from the same address would keep the others out.
    const all = HARMS.reduceRight<() => Promise<number[]>>(
      (run, harm) => () => withHarm({ harm, targets, network: name }, run),
      async () => {
        const taken = [await timed(cluster, 'd'), await timed(cluster, 'e'), await timed(cluster, 'f')];
        await cutOffAll(cluster, report, title);
        return taken;
      },
    );
    const harmed = await all();
    const met = harmed.filter((ms) => !Number.isNaN(ms)).length;
    report.check(`${title}: every need is met`, met === harmed.length, `${met} of ${harmed.length}`);
    const ratio = median(harmed) / median(quiet);
    report.check(`${title}: a need takes at most ${RATIO_MOST} times as long`, ratio <= RATIO_MOST, ratio.toFixed(2));
    report.metric('network.needSecondsRatio', rounded(ratio));
    await diagnosed(cluster, report, title, /^node node-[23]: peers were refused since its start: .*cut_off/);
    await judge(cluster, report, title);
  });
}

/** Each node that is attacked cuts off each peer that means harm, one for each way in which that is done at once. */
async function cutOffAll(cluster: Cluster, report: Report, title: string): Promise<void> {
  for (const name of ATTACKED) {
    let times = 0;
    const all = until(CUT_OFF_MS, `${name} has cut off all`, async () => {
      times = (await cluster.status(name)).transport.refused['cut_off'] ?? 0;
      return times >= QUICK.length;
    });
    const done = await all.then(
      () => true,
      () => false,
    );
    report.check(`${title}: ${name} cuts off every one`, done, `${times} of ${QUICK.length}`);
  }
}

/** How long a need takes until it is settled, ms; NaN when it is not met. */
async function timed(cluster: Cluster, label: string): Promise<number> {
  const start = performance.now();
  const { needId } = await post(cluster, REQUESTER, `${QUESTION} ${label}`);
  const events = await settled(cluster, REQUESTER, needId);
  return events.some(({ type }) => type === 'finalized') ? performance.now() - start : Number.NaN;
}
