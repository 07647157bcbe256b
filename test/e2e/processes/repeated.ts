import { DatabaseSync } from 'node:sqlite';
import { createMemo, verifyEntry } from '@canswarm/protocol';
import { localCrypto } from 'canswarm';
import type { Report } from '../suite.ts';
import { type Cluster, until } from './cluster.ts';
import { judge, post, QUESTION, scene, settled } from './scenes.ts';

const KEY = 'repeated-post';
const BOUND_MS = 30_000;

/** Moments at which the process ends that has a post under a key. */
const MOMENTS: Readonly<Record<string, (cluster: Cluster, name: string) => Promise<void>>> = {
  async 'its need is signed and not yet in the log'(cluster, name) {
    const holder = new DatabaseSync(cluster.folder.logPath, { timeout: 5_000 });
    try {
      holder.exec('BEGIN IMMEDIATE');
      await until(BOUND_MS, 'the key is kept', async () => isKept(cluster, name));
      await cluster.kill(name);
    } finally {
      holder.close();
    }
  },
  async 'its need has just come into the log'(cluster, name) {
    await until(BOUND_MS, 'the need is in the log', async () => needsIn(cluster).length > 0);
    await cluster.kill(name);
  },
};

/** A post with an Idempotency-Key is cut off by `kill -9` and sent again: there is one need, paid for once. */
export async function repeatedPost(report: Report): Promise<void> {
  for (const [moment, strike] of Object.entries(MOMENTS)) {
    const title = `a post is cut off when ${moment}, and sent again`;
    await scene(report, title, 1, (cluster) => repeat(cluster, report, title, strike));
  }
}

async function repeat(
  cluster: Cluster,
  report: Report,
  title: string,
  strike: (cluster: Cluster, name: string) => Promise<void>,
): Promise<void> {
  const [name = ''] = cluster.names;
  await cluster.start(name);
  const cut = post(cluster, name, QUESTION, KEY).catch((error: unknown) => String(error));
  await strike(cluster, name);
  const said = await cut;
  await cluster.start(name);
  const again = await post(cluster, name, QUESTION, KEY);
  report.check(
    `${title}: whoever posted was told nothing, or what is so`,
    typeof said === 'string' || said.needId === again.needId,
    JSON.stringify(said),
  );
  const once = await post(cluster, name, QUESTION, KEY);
  report.check(`${title}: the key stands for one need`, again.needId === once.needId, `${again.needId} ${once.needId}`);
  const other = await post(cluster, name, `${QUESTION} again`, KEY).catch((error: unknown) => error);
  const isConflict = other instanceof Error && 'code' in other && other.code === 'idempotency_conflict';
  report.check(`${title}: the key is refused for another`, isConflict, String(other));
  const events = await settled(cluster, name, again.needId);
  report.check(
    `${title}: the need is met`,
    events.some(({ type }) => type === 'finalized'),
  );
  const needs = needsIn(cluster);
  report.check(`${title}: the log has one need`, needs.length === 1 && needs[0] === again.needId, needs.join());
  await judge(cluster, report, title);
}

/** Whether the node's store has a key that is kept. */
function isKept(cluster: Cluster, name: string): boolean {
  const db = new DatabaseSync(cluster.folder.node(name).storePath, { readOnly: true, timeout: 5_000 });
  try {
    return db.prepare("SELECT count(*) AS count FROM pairs WHERE key LIKE 'kept-post/%'").get()?.['count'] !== 0;
  } finally {
    db.close();
  }
}

/** Ids of the needs in the log on the disk. */
function needsIn(cluster: Cluster): readonly string[] {
  const [crypto, memo] = [localCrypto(), createMemo()];
  return cluster.log().flatMap(({ bytes }) => {
    const verdict = verifyEntry(bytes, crypto, memo);
    return verdict.ok && verdict.entry.envelope.payload.verb === 'NEED' ? [verdict.entry.envelope.id] : [];
  });
}
