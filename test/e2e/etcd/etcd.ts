import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEtcdLog } from '@canswarm/log-etcd';
import { createMemo, genesisCid, verifyEntry } from '@canswarm/protocol';
import { EtcdCluster, findServer, localCrypto, replay, SHARD } from 'canswarm';
import { after, Cluster } from '../processes/cluster.ts';
import { follow, NODES, post, QUESTION, REQUESTER } from '../processes/scenes.ts';
import type { Report, Size, Suite } from '../suite.ts';
import { Probe } from './probe.ts';

/** A fault comes this long after its need at the latest; so long its member stays away, ms. */
const WITHIN_MS = 3_000;
const AWAY_MS = 3_000;
const LEVEL_MS = 60_000;
const ROUNDS = 20;

interface Scene {
  readonly etcd: EtcdCluster;
  readonly nodes: Cluster;
  readonly probe: Probe;
}

type Fault = (etcd: EtcdCluster) => Promise<void>;

/** What is done to the cluster; everything that ended is started again afterwards. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'leader-killed': async (etcd) => (await etcd.leader())?.kill(),
  'follower-killed': async (etcd) => {
    const leader = await etcd.leader();
    await etcd.members.find((member) => member !== leader)?.kill();
  },
  'all-restarted': async (etcd) => void (await Promise.all(etcd.members.map((member) => member.kill()))),
};

async function play(name: string, fault: Fault, report: Report, rounds: number): Promise<void> {
  const { path: program } = await findServer('etcd', process.env);
  const folder = mkdtempSync(join(tmpdir(), 'canswarm-etcd-'));
  const etcd = await EtcdCluster.open({ folder, program });
  try {
    await etcd.start();
    const nodes = await Cluster.found(NODES, undefined, 'etcd');
    try {
      const env = { CANSWARM_ETCD_ENDPOINTS: etcd.endpoints.join(',') };
      await nodes.startAll(() => ({ env }));
      const probe = await Probe.start(etcd.endpoints);
      const stalls: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        stalls.push(await playRound({ etcd, nodes, probe }, fault, report, `${name}, round ${round}`));
      }
      tellStalls(name, stalls, report);
      const { acknowledged, lost, doubles } = await probe.stop();
      report.check(
        `${name}: no acknowledged entry is lost`,
        acknowledged > 0 && lost === 0,
        `${lost} of ${acknowledged}`,
      );
      report.check(`${name}: no entry stands twice`, doubles === 0, `${doubles}`);
      await judgeReplay(name, etcd, nodes, report);
      const fallen = nodes.fallen.map((one) => `${one.name}: ${one.said}`);
      report.check(`${name}: no node ends by itself`, fallen.length === 0, fallen.join('\n'));
    } finally {
      await nodes.close();
    }
  } finally {
    await etcd.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A need is posted, the fault comes at a moment of its own; how long the log stood still, ms. */
async function playRound({ etcd, nodes, probe }: Scene, fault: Fault, report: Report, title: string): Promise<number> {
  const { needId } = await post(nodes, REQUESTER, `${QUESTION} ${title}`);
  let stall = Number.POSITIVE_INFINITY;
  await after(Math.random() * WITHIN_MS, async () => {
    const moment = performance.now();
    await fault(etcd);
    await after(AWAY_MS, () => etcd.start());
    await after(AWAY_MS, () => undefined);
    stall = probe.stallSince(moment);
  });
  const events = await follow(
    nodes,
    REQUESTER,
    needId,
    ({ type }) => type === 'need_settled' || type === 'need_closed',
  );
  const decided = events.filter((event) => event.type === 'need_decided' && event.need === needId).length;
  report.check(`${title}: the need is decided once`, decided === 1, `${decided} times`);
  const all = await nodes.level(LEVEL_MS);
  report.check(`${title}: digests equal`, new Set(all.map(({ digest }) => digest)).size === 1 && all.length === NODES);
  return stall;
}

function tellStalls(name: string, stalls: readonly number[], report: Report): void {
  const sorted = stalls.toSorted((one, other) => one - other);
  const p95 = Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0);
  report.metric(`etcd.${name}.rounds`, stalls.length);
  report.metric(`etcd.${name}.stallP95Ms`, p95);
  if (name !== 'leader-killed') return;
  report.metric('etcd.leaderKillStallP95Ms', p95);
  report.check('leader-killed: the log stands still for less than 2 500 ms', p95 < 2_500, `${p95} ms`);
}

/** The log as anybody reads it from etcd, replayed apart from any node. */
async function judgeReplay(name: string, etcd: EtcdCluster, nodes: Cluster, report: Report): Promise<void> {
  const genesis = nodes.folder.genesis();
  const crypto = localCrypto();
  const prefix = `canswarm/${genesisCid(genesis, crypto.sha256)}`;
  const [status] = await nodes.level(LEVEL_MS);
  const log = await openEtcdLog({ endpoints: etcd.endpoints, prefix });
  const head = await log.head(SHARD);
  const bytesRead: Uint8Array[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const reading = log.follow(SHARD, 0, (records) => {
    for (const { bytes } of records) bytesRead.push(bytes);
    if ((records.at(-1)?.cursor ?? 0) >= head) resolve();
  });
  await Promise.race([promise, reading.ended]);
  await log.close();
  const memo = createMemo();
  const valid = bytesRead.filter((bytes) => verifyEntry(bytes, crypto, memo).ok);
  const entries = valid.map((bytes, index) => ({ position: index + 1, bytes }));
  const until = status?.position ?? 0;
  const { digest } = replay(genesis, entries, { crypto, expected: {}, until });
  report.check(`${name}: a replay of the log comes to the nodes' digest`, until > 0 && digest === status?.digest);
}

/** Five node processes on three members of etcd, which are killed one by one and together. Needs an installed etcd. */
export const etcd: Suite = {
  name: 'etcd',
  parts: Object.entries(FAULTS).map(([name, fault]) => ({
    name: `etcd/${name}`,
    run: (size, report) => play(name, fault, report, roundsOf(size)),
  })),
  async run(size, report) {
    for (const [name, fault] of Object.entries(FAULTS)) await play(name, fault, report, roundsOf(size));
  },
};

const roundsOf = (size: Size): number => (size === 'full' ? ROUNDS : 2);
