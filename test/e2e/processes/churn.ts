import { ApiError, type NeedRecord } from '@canswarm/api';
import type { Report, Suite } from '../suite.ts';
import { after, type Cluster } from './cluster.ts';
import { judge, NODES, post, QUESTION, REQUESTER, scene } from './scenes.ts';

const EVERY_MS = 2_000;
const AT_ONCE = 8;
const RETRY_MS = 250;
/** Longer than this nothing takes, however often everybody is killed. */
const BOUND_MS = 20 * 60_000;

/** Needs are worked on by five processes while every two seconds one of them is killed and started again. */
export const churn: Suite = {
  name: 'churn',
  async run(size, report) {
    const needs = size === 'full' ? 100 : 6;
    await scene(report, 'churn', NODES, (cluster) => play(cluster, report, needs));
  },
};

async function play(cluster: Cluster, report: Report, needs: number): Promise<void> {
  await cluster.startAll();
  const ended = { now: false };
  const reaper = reap(cluster, ended);
  const end = Date.now() + BOUND_MS;
  let posted = 0;
  const poster = async (): Promise<void> => {
    while (posted < needs && Date.now() < end) {
      posted += 1;
      const id = await patient(end, async () => (await post(cluster, REQUESTER, `${QUESTION} ${posted}`)).needId);
      await patient(end, async () => ((await cluster.need(REQUESTER, id))?.settledAt ?? null) !== null || null);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, poster));
  ended.now = true;
  const kills = await reaper;
  await cluster.startAll();
  // A post that was cut off may have come through all the same.
  const all = await patient(end, async () => {
    const records = await cluster.client(REQUESTER).allNeeds();
    return records.every(({ settledAt }) => settledAt !== null) ? records : null;
  });
  judgeNeeds(all, needs, report);
  await judge(cluster, report, 'churn');
  const { sum, disagreements, broken } = cluster.ledger();
  report.check('churn: the ledger sums to zero', sum === 0n && broken === null, `${sum}`);
  report.check('churn: postings add up to the state', disagreements.length === 0, disagreements.join());
  report.metric('churn.kills', kills);
  report.metric('churn.ledgerSum', Number(sum));
}

function judgeNeeds(records: readonly NeedRecord[], needs: number, report: Report): void {
  const byStage = new Map<string, number>();
  for (const { stage } of records) byStage.set(stage, (byStage.get(stage) ?? 0) + 1);
  const final = byStage.get('final') ?? 0;
  report.check('churn: all needs end', records.length >= needs, `${records.length} of ${needs}`);
  report.metric('churn.needs', records.length);
  report.metric('churn.final', final);
  report.metric('churn.refundedOrUndecidable', records.length - final);
}

/** Kills one process after another, at random, and starts it again at once. Gives how often. */
async function reap(cluster: Cluster, ended: { readonly now: boolean }): Promise<number> {
  let kills = 0;
  while (!ended.now) {
    const victim = cluster.names[Math.floor(Math.random() * cluster.names.length)] ?? REQUESTER;
    await cluster.kill(victim);
    cluster.launch(victim);
    kills += 1;
    await after(EVERY_MS, () => undefined);
  }
  return kills;
}

/** Asks until there is an answer, as somebody does whose node is away now and then. */
async function patient<T>(end: number, ask: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof ApiError) return null;
      throw error;
    });
    if (answer !== null) return answer;
    if (Date.now() > end) throw new Error('no answer in time');
    await after(RETRY_MS, () => undefined);
  }
}
