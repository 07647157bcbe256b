import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@canswarm/memory';
import { utf8 } from '@canswarm/protocol';
import { localCrypto } from 'canswarm';
import { until } from '../../e2e/processes/cluster.ts';
import { post, QUESTION, settled } from '../../e2e/processes/scenes.ts';
import type { Report, Size, Suite } from '../../e2e/suite.ts';
import { MUTATIONS, RequestForge, writeOut } from './forge-request.ts';
import { type KnownWorld, soundRequest } from './known-world.ts';
import { startWatched, type WatchedNode } from './watched-node.ts';
import { type Answer, throwAt } from './wire.ts';

const REQUESTS = { slice: 500, full: 10_000 } as const;
/** Requests after which memory and sockets are first counted. */
const WARM = { slice: 250, full: 2_500 } as const;
/** Requests under way at once: no more than the node does of anything at once, so that it never says that it is busy. */
const LANES = 2;
const GROWTH_MAX = 24 * 1024 * 1024;
const BOUND_MS = 30_000;
const FAULTS_MAX = 10;
const FILE_BYTES = 100_000;

const NAMES = Object.keys(MUTATIONS);

/** What came of everything that was thrown. */
interface Tally {
  readonly statuses: Map<number, number>;
  readonly faults: string[];
  silent: number;
}

/** Requests as they should be, changed in every way, at a node in a process of its own: it answers, and goes on. */
export const fuzzApi: Suite = {
  name: 'fuzz-api',
  async run(size, report) {
    const node = await startWatched();
    const folder = mkdtempSync(join(tmpdir(), 'canswarm-fuzz-'));
    try {
      await attack(node, await knownWorld(node, folder), size, report);
    } finally {
      await node.cluster.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function knownWorld({ cluster, name }: WatchedNode, folder: string): Promise<KnownWorld> {
  const client = cluster.client(name);
  const { needId } = await post(cluster, name, QUESTION);
  await settled(cluster, name, needId);
  const file = await client.putFile({ body: new Uint8Array(FILE_BYTES).fill(7) });
  const token = readFileSync(cluster.folder.node(name).tokenPath, 'utf8').trim();
  const verifier =
    cluster.folder
      .node(name)
      .read()
      .agents.find(({ chainLength }) => chainLength !== null)?.did ?? '';
  return { need: needId, file, verifier, token, folder };
}

async function attack(node: WatchedNode, world: KnownWorld, size: Size, report: Report): Promise<void> {
  const tally: Tally = { statuses: new Map(), faults: [], silent: 0 };
  const tools = new RequestForge(seededRandom(utf8('fuzz-api'), localCrypto().sha256).stream('requests'));
  await throwAll(node, world, tools, WARM[size], tally);
  const before = { bytes: await node.heldBytes(), sockets: await idleSockets(node) };
  await throwAll(node, world, tools, REQUESTS[size] - WARM[size], tally);
  const after = { bytes: await node.heldBytes(), sockets: await idleSockets(node) };
  const growth = after.bytes - before.bytes;
  const answered = [...tally.statuses.values()].reduce((sum, count) => sum + count, 0);
  report.check('no answer fails or tells what it should not', tally.faults.length === 0, tally.faults.join('\n'));
  report.check('most requests are answered', answered >= REQUESTS[size] / 2, `${answered}`);
  report.check('requests that are sound are done', (tally.statuses.get(200) ?? 0) > 0);
  report.check('the node lives', node.lives());
  const said = node.cluster.said(node.name);
  report.check('the node met no defect', !/defect|stopped by itself/.test(said), said.slice(-2_000));
  report.check('memory stays', growth < GROWTH_MAX, `${growth} bytes more`);
  report.check('sockets stay', after.sockets <= before.sockets, `${after.sockets} after ${before.sockets}`);
  const { needId } = await post(node.cluster, node.name, `${QUESTION} Still?`);
  const events = await settled(node.cluster, node.name, needId);
  report.check(
    'a need is met afterwards',
    events.some(({ type }) => type === 'finalized'),
  );
  report.metric('requests', REQUESTS[size]);
  report.metric('answered', answered);
  report.metric('unanswered', tally.silent);
  report.metric('heapGrowthBytes', growth);
  for (const [status, count] of [...tally.statuses].sort()) report.metric(`status.${status}`, count);
}

async function throwAll(
  { cluster, name, port }: WatchedNode,
  world: KnownWorld,
  tools: RequestForge,
  count: number,
  tally: Tally,
): Promise<void> {
  const doors = [{ path: cluster.folder.node(name).controlPath }, { host: '127.0.0.1', port }];
  let thrown = 0;
  const lane = async (): Promise<void> => {
    while (thrown < count) {
      thrown += 1;
      const { bytes, names } = request(world, tools);
      const answer = await throwAt(tools.pick(doors), bytes);
      note(
        tally,
        answer,
        cluster.home,
        () => `${names.join('+')}: ${Buffer.from(bytes).toString('latin1').slice(0, 300)}`,
      );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

function request(
  world: KnownWorld,
  tools: RequestForge,
): { readonly bytes: Uint8Array; readonly names: readonly string[] } {
  const wanted = soundRequest(world, tools);
  const names = Array.from({ length: 1 + tools.below(3) }, () => tools.pick(NAMES));
  for (const name of names) MUTATIONS[name]?.(wanted, tools);
  const bytes = writeOut(wanted);
  if (tools.below(20) !== 0) return { bytes, names };
  // Bytes that may be no request any more.
  const at = tools.below(bytes.length);
  return {
    bytes: Buffer.concat([bytes.subarray(0, at), tools.bytes(), bytes.subarray(at)]),
    names: [...names, 'noise'],
  };
}

function note(tally: Tally, { status, body }: Answer, home: string, told: () => string): void {
  if (status === null) {
    tally.silent += 1;
    return;
  }
  tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
  const leaks = status >= 400 && (body.includes(home) || /node_modules|\.ts:[0-9]|\n {4}at /.test(body));
  const isProblem = status < 400 || body === '' || /"code":"[a-z_]+","message":/.test(body);
  if ((status >= 500 || leaks || !isProblem) && tally.faults.length < FAULTS_MAX) {
    tally.faults.push(`${status} ${body.slice(0, 300)} to ${told()}`);
  }
}

/** Sockets of the node once no connection of ours is left; those that it needs itself remain. */
async function idleSockets(node: WatchedNode): Promise<number> {
  let last = Number.POSITIVE_INFINITY;
  await until(BOUND_MS, 'connections are gone', async () => {
    const now = node.sockets();
    const isLevel = now === last;
    last = now;
    return isLevel;
  });
  return last;
}
