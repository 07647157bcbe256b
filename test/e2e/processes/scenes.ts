import { fileURLToPath } from 'node:url';
import type { PostedBrief } from '@canswarm/api';
import type { KernelEvent } from '@canswarm/kernel';
import type { Report } from '../suite.ts';
import { Cluster } from './cluster.ts';

const DOCS = fileURLToPath(new URL('../../../docs', import.meta.url));
const CREDIT = 1_000_000;

export const NODES = 5;
/** The node whose requester posts. */
export const REQUESTER = 'node-1';
export const QUESTION = 'How do I report a security vulnerability?';

export interface SceneOptions {
  /** Given the empty folder that will hold the network's home. */
  readonly prepare?: (folder: string) => void;
  /** Why processes may end by themselves, by what they say of it: what they stand on is taken from them. */
  readonly mayEnd?: RegExp;
}

/**
 * Plays one scene on a network of its own; what it throws is a failure of that scene alone. No process may end by itself:
 * one that falls and is started again would otherwise pass for one that was killed.
 */
export async function scene(
  report: Report,
  title: string,
  nodes: number,
  play: (cluster: Cluster) => Promise<void>,
  { prepare, mayEnd }: SceneOptions = {},
): Promise<void> {
  const cluster = await Cluster.found(nodes, prepare);
  try {
    await play(cluster);
  } catch (error) {
    report.check(
      `${title}: runs to its end`,
      false,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  } finally {
    const fallen = cluster.fallen.filter(({ code, said }) => code === null || mayEnd?.test(said) !== true);
    const told = fallen.map(({ name, code, signal, said }) => `${name} by ${signal ?? `code ${code}`}: ${said}`);
    report.check(`${title}: no process ends by itself`, fallen.length === 0, told.join('\n'));
    await cluster.close();
  }
}

/** Posts a need for a brief over this project's own documents. */
export const post = (cluster: Cluster, name: string, question: string, idempotencyKey?: string): Promise<PostedBrief> =>
  cluster.client(name).postBrief({
    idempotencyKey,
    body: { folder: DOCS, question, maxStatements: 3, priceCap: 2 * CREDIT, seatFee: CREDIT / 10 },
  });

/** Follows a need on one node until `done` says so of an event; gives every event up to it, and those of the same entry. */
export async function follow(
  cluster: Cluster,
  name: string,
  id: string,
  done: (event: KernelEvent) => boolean,
  boundMs = 120_000,
): Promise<readonly KernelEvent[]> {
  const seen: KernelEvent[] = [];
  for await (const { type, data } of cluster
    .client(name)
    .needEvents({ id }, { signal: AbortSignal.timeout(boundMs) })) {
    if (type !== 'entry' || !data.accepted) continue;
    const events = data.events as unknown as readonly KernelEvent[];
    seen.push(...events);
    if (events.some(done)) return seen;
  }
  return seen;
}

/** Follows a need until its last seat is paid; whether it has a final result. */
export async function settled(
  cluster: Cluster,
  name: string,
  id: string,
  boundMs = 180_000,
): Promise<readonly KernelEvent[]> {
  return follow(cluster, name, id, ({ type }) => type === 'need_settled', boundMs);
}

/**
 * What holds after every scene: nothing of the log is lost or doubled, every node stands where a replay stands. Whether all
 * of it does.
 */
export async function judge(
  cluster: Cluster,
  report: Report,
  title: string,
  before: ReturnType<Cluster['log']> = [],
): Promise<boolean> {
  const nodes = await cluster.level();
  const after = cluster.log();
  const lost = before.filter(({ cursor, bytes }, index) => {
    const record = after[index];
    return record === undefined || record.cursor !== cursor || Buffer.compare(record.bytes, bytes) !== 0;
  });
  const position = nodes[0]?.position ?? 0;
  const { entries, digest, doubles } = cluster.replayed(position);
  report.check(`${title}: entriesLost`, lost.length === 0, `${lost.length}`);
  report.check(`${title}: no entry stands twice`, doubles === 0, `${doubles}`);
  const twice = nodes.filter((node) => node.position !== position || node.position > entries);
  report.check(
    `${title}: appliedTwice`,
    twice.length === 0,
    twice.map(({ node, position }) => `${node} ${position} of ${entries}`).join(),
  );
  const other = nodes.filter((node) => node.digest !== digest);
  report.check(`${title}: digests equal`, other.length === 0, other.map(({ node }) => node).join());
  return lost.length + doubles + twice.length + other.length === 0;
}

/** Checks that `canswarm doctor` names a fault, or with null that it finds nothing wrong. */
export async function diagnosed(cluster: Cluster, report: Report, title: string, fault: RegExp | null): Promise<void> {
  const found = await cluster.doctor();
  if (fault === null) report.check(`${title}: doctor finds nothing wrong`, found.length === 0, found.join('; '));
  else
    report.check(
      `${title}: doctor names it`,
      found.some((line) => fault.test(line)),
      `found ${found.join('; ')}`,
    );
}
