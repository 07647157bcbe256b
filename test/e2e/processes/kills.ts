import type { KernelEvent } from '@canswarm/kernel';
import type { Report } from '../suite.ts';
import { after, type Cluster } from './cluster.ts';
import { diagnosed, follow, judge, NODES, post, QUESTION, REQUESTER, scene, settled } from './scenes.ts';

/** The worker's process is killed in mid-lease: a runner-up finishes. */
export async function workerKilled(report: Report): Promise<void> {
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
    await diagnosed(cluster, report, title, new RegExp(`^node ${victim}: its process was killed`));
    const events = await settled(cluster, REQUESTER, needId);
    const final = events.find((event) => event.type === 'finalized');
    const worker = final?.type === 'finalized' ? final.worker : '';
    report.check(`${title}: a runner-up finishes`, worker !== '' && worker !== first, worker);
    await cluster.start(victim);
    await judge(cluster, report, title);
  });
}

/** Rounds at most until seats were drawn again: in some, those that are left have the votes it takes, or have voted. */
const SEATS_ROUNDS = 6;
/** Votes of five that carry a verdict: with three seats gone it takes new ones. */
const SEATS_GONE = 3;
/** Three of five processes have most of the weight: without them log time stands still until they are back. */
const PROCESSES_GONE_MAX = 2;

/** Processes with most of the seats are killed in mid-vote and stay away: seats are drawn again. */
export async function seatsKilled(report: Report): Promise<void> {
  const title = 'seats killed in mid-vote';
  let [rounds, redraws, met] = [0, 0, 0];
  await scene(report, title, NODES, async (cluster) => {
    await cluster.startAll();
    while (rounds < SEATS_ROUNDS && redraws === 0) {
      rounds += 1;
      const { needId } = await post(cluster, REQUESTER, `${QUESTION} ${rounds}`);
      const drawn = await follow(cluster, REQUESTER, needId, isResultSeat);
      await Promise.all(victimsOf(cluster, drawn).map((name) => cluster.kill(name)));
      const isOver = (event: KernelEvent): boolean => isRedrawn(event) || event.type === 'certified';
      const until = await follow(cluster, REQUESTER, needId, isOver);
      redraws += until.filter(isRedrawn).length;
      await cluster.startAll();
      const events = await settled(cluster, REQUESTER, needId);
      if (events.some(({ type }) => type === 'finalized')) met += 1;
      await judge(cluster, report, `${title}, round ${rounds}`);
    }
    report.check(`${title}: every need is met`, met === rounds, `${met} of ${rounds}`);
    report.check(`${title}: seats are drawn again`, redraws > 0);
  });
  report.metric('seats.rounds', rounds);
  report.metric('seats.drawnAgain', redraws);
}

const isResultSeat = (event: KernelEvent): event is Extract<KernelEvent, { type: 'seated' }> =>
  event.type === 'seated' && event.subject.startsWith('result/');

const isRedrawn = (event: KernelEvent): boolean => isResultSeat(event) && event.draw > 0;

/** The fewest processes that take `SEATS_GONE` seats with them, or as many as may; the requester's and the worker's, who has the result, are spared. */
function victimsOf(cluster: Cluster, events: readonly KernelEvent[]): readonly string[] {
  const seats = new Map<string, number>();
  const worker = events.findLast((event) => event.type === 'lease_granted')?.holder ?? '';
  const spared = [REQUESTER, cluster.hostOf(worker)];
  for (const { did } of events.filter(isResultSeat)) {
    const host = cluster.hostOf(did);
    if (!spared.includes(host)) seats.set(host, (seats.get(host) ?? 0) + 1);
  }
  const most = [...seats].sort((a, b) => b[1] - a[1]);
  const victims: string[] = [];
  let gone = 0;
  for (const [name, count] of most) {
    if (gone >= SEATS_GONE || victims.length === PROCESSES_GONE_MAX) break;
    victims.push(name);
    gone += count;
  }
  return victims;
}

/** Every process is killed at random moments while needs are worked on, and started again. */
export async function allKilled(report: Report, rounds: number): Promise<void> {
  const title = 'all killed';
  let [lost, failed] = [0, 0];
  await scene(report, title, NODES, async (cluster) => {
    await cluster.startAll();
    const needs: string[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      needs.push((await post(cluster, REQUESTER, `${QUESTION} ${round}`)).needId);
      let before = cluster.log();
      await after(Math.random() * 4_000, async () => {
        before = cluster.log();
        await Promise.all(cluster.names.map((name) => cluster.kill(name)));
      });
      const kept = cluster.log();
      if (kept.length < before.length) lost += before.length - kept.length;
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
