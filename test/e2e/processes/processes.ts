import type { Report, Suite } from '../suite.ts';
import { atRandom, Cluster } from './cluster.ts';
import { follow, judge, post, settled } from './scenes.ts';

const NODES = 5;
const QUESTION = 'How do I report a security vulnerability?';

async function scene(
  report: Report,
  title: string,
  nodes: number,
  play: (cluster: Cluster) => Promise<void>,
): Promise<void> {
  const cluster = await Cluster.found(nodes);
  try {
    await play(cluster);
  } catch (error) {
    report.check(
      `${title}: runs to its end`,
      false,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  } finally {
    await cluster.close();
  }
}

const REQUESTER = 'node-1';

/** The worker's process is killed in mid-lease: a runner-up finishes. */
async function workerKilled(report: Report): Promise<void> {
  const title = 'worker killed in mid-lease';
  await scene(report, title, NODES, async (cluster) => {
    await cluster.startAll();
    const { needId } = await post(cluster, REQUESTER, QUESTION);
    const start = await follow(cluster, REQUESTER, needId, ({ type }) => type === 'lease_granted');
    const granted = start.find((event) => event.type === 'lease_granted');
    const first = granted?.type === 'lease_granted' ? granted.holder : '';
    const victim = cluster.hostOf(first);
    report.check(`${title}: somebody else's process works`, victim !== REQUESTER, victim);
    await cluster.kill(victim);
    const events = await settled(cluster, REQUESTER, needId);
    const final = events.find((event) => event.type === 'finalized');
    const worker = final?.type === 'finalized' ? final.worker : '';
    report.check(`${title}: a runner-up finishes`, worker !== '' && worker !== first, worker);
    await cluster.start(victim);
    await judge(cluster, report, title);
  });
}

/** Processes with most of the seats are killed in mid-vote: seats are drawn again. */
async function seatsKilled(report: Report): Promise<void> {
  const title = 'seats killed in mid-vote';
  await scene(report, title, NODES, async (cluster) => {
    await cluster.startAll();
    const { needId } = await post(cluster, REQUESTER, QUESTION);
    const isResult = (subject: string): boolean => subject.startsWith('result/');
    const drawn = await follow(
      cluster,
      REQUESTER,
      needId,
      (event) => event.type === 'seated' && isResult(event.subject) && countSeats(cluster, [event]).size > 0,
    );
    const seats = countSeats(
      cluster,
      drawn.filter((event) => event.type === 'seated' && isResult(event.subject)),
    );
    const victims = [...seats].filter(([name]) => name !== REQUESTER).sort((a, b) => b[1] - a[1]);
    for (const [name] of victims.slice(0, 2)) await cluster.kill(name);
    const events = await settled(cluster, REQUESTER, needId);
    const redraws = events.filter(
      (event) => event.type === 'seated' && isResult(event.subject) && event.draw > 0,
    ).length;
    report.check(
      `${title}: the need is met`,
      events.some(({ type }) => type === 'finalized'),
    );
    report.metric('seats.drawnAgain', redraws);
    await cluster.startAll();
    await judge(cluster, report, title);
  });
}

function countSeats(cluster: Cluster, events: readonly { readonly type: string }[]): Map<string, number> {
  const seats = new Map<string, number>();
  for (const event of events) {
    if (!('did' in event) || typeof event.did !== 'string') continue;
    const host = cluster.hostOf(event.did);
    seats.set(host, (seats.get(host) ?? 0) + 1);
  }
  return seats;
}

/** Every process is killed at random moments while needs are worked on, and started again. */
async function allKilled(report: Report, rounds: number): Promise<void> {
  const title = 'all killed';
  let [lost, failed] = [0, 0];
  await scene(report, title, NODES, async (cluster) => {
    await cluster.startAll();
    const needs: string[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      needs.push((await post(cluster, REQUESTER, `${QUESTION} ${round}`)).needId);
      let before = cluster.log();
      await atRandom(4_000, async () => {
        before = cluster.log();
        await Promise.all(cluster.names.map((name) => cluster.kill(name)));
      });
      const after = cluster.log();
      if (after.length < before.length) lost += before.length - after.length;
      await cluster.startAll();
      if (!(await judge(cluster, report, `${title}, round ${round}`, before))) failed += 1;
    }
    let final = 0;
    for (const id of needs) {
      const events = await settled(cluster, REQUESTER, id);
      if (events.some(({ type }) => type === 'need_settled' || type === 'need_closed')) final += 1;
    }
    report.check(`${title}: every need ends`, final === needs.length, `${final} of ${needs.length}`);
    report.metric('killed.needs', needs.length);
    report.metric('killed.ended', final);
  });
  report.metric('killed.rounds', rounds);
  report.metric('entriesLost', lost);
  report.metric('killed.roundsFailed', failed);
}

/** A clock that is ten minutes off, in one process of five. */
async function clockOff(report: Report): Promise<void> {
  const title = 'a clock ten minutes off';
  for (const minutes of [10, -10]) {
    await scene(report, title, NODES, async (cluster) => {
      const shift = `const now = Date.now; Date.now = () => now() + ${minutes * 60_000};`;
      const wrong = { nodeFlags: ['--import', `data:text/javascript,${encodeURIComponent(shift)}`] };
      await cluster.startAll((name) => (name === 'node-3' ? wrong : {}));
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
async function tenAtOnce(report: Report): Promise<void> {
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

/** Five real processes over TCP and one SQLite file, killed and set back in every way. */
export const processes: Suite = {
  name: 'processes',
  async run(size, report) {
    const full = size === 'full';
    await workerKilled(report);
    if (full) await seatsKilled(report);
    await allKilled(report, full ? 20 : 1);
    if (!full) return;
    await clockOff(report);
    await tenAtOnce(report);
  },
};
