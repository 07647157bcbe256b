import { existsSync, renameSync, rmSync } from 'node:fs';
import { sqliteStore } from '@canswarm/local';
import { Rebase } from '@canswarm/node';
import type { DecisionLog, MovableLog, Store } from '@canswarm/ports';
import type { Crypto, Genesis } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import type { NetworkFolder, NodeFolder } from '../host/network-folder.ts';
import { NodeClient } from '../host/node-client.ts';
import { SHARD } from '../network/network.ts';
import { accountOf, differenceOf, type LogAccount, readRecords } from './log-account.ts';
import { LogExtension, otherLog } from './log-extension.ts';
import { readMigration, writeMigration } from './migration-file.ts';

export interface MigrateOptions {
  readonly folder: NetworkFolder;
  readonly genesis: Genesis;
  /** Where the log is to be, as nodes' files say it; `resume` ends what was interrupted, or follows where another home moved it. */
  readonly to: string | 'resume';
  /** Opens a log to move it. */
  readonly open: (place: string) => Promise<MovableLog>;
  readonly crypto: Crypto;
  readonly onProgress: (what: string) => void;
}

/** What a migration came to. */
export interface Migrated {
  readonly from: string;
  readonly to: string;
  readonly found: number;
  readonly copied: number;
  /** What both logs come to. */
  readonly account: LogAccount;
  readonly nodes: readonly string[];
}

const nextStore = ({ storePath }: NodeFolder): string => `${storePath}.next`;
/** What SQLite keeps beside a database. */
const PARTS = ['', '-wal', '-shm'];

/**
 * Moves a network's log: copies it, proves that both logs hold the same and that the law makes the same of them, marks the old one as moved,
 * and only then switches the nodes of this home. From the mark on nobody appends to the old log or follows it, in no home, so there are never
 * two that go on; what it holds stays, so the way back is the same way. Interrupted before the mark nothing happened; after it no node
 * starts until it is resumed. Rejects with a HostError or StorageError.
 */
export async function migrateLog(options: MigrateOptions): Promise<Migrated> {
  const { folder, open } = options;
  const nodes = folder.nodes().map((name) => folder.node(name));
  await requireStopped(nodes);
  const last = readMigration(folder);
  const pending = last?.phase === 'switching' ? last : null;
  const from = pending?.from ?? placeOf(folder, nodes);
  const source = await open(from);
  try {
    const mark = await source.movedTo();
    const to = placeTo(options, from, pending?.to ?? null, mark);
    const target = await open(to);
    try {
      const { found, copied, account } = await copyAndProve(source, target, mark !== null, options);
      if (pending === null) for (const node of nodes) await prepare(node, target);
      await leave(source, target, { from, to, records: account.records, wasLeft: mark !== null });
      writeMigration(folder, { from, to, phase: 'switching' });
      for (const node of nodes) switchNode(node, to);
      writeMigration(folder, { from, to, phase: 'done' });
      return { from, to, found, copied, account, nodes: nodes.map(({ name }) => name) };
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Both logs come to the same; where the old one was left before, the new one may have gone on since. */
async function copyAndProve(
  source: DecisionLog,
  target: DecisionLog,
  wasLeft: boolean,
  options: MigrateOptions,
): Promise<Pick<Migrated, 'found' | 'copied' | 'account'>> {
  const { genesis, crypto, onProgress } = options;
  if (wasLeft && (await source.head(SHARD)) > 0 && (await target.head(SHARD)) === 0)
    throw otherLog('the log was moved there, and it is empty: is it reached from here?');
  const { found, taken, copied } = await copyLog(source, target, options);
  if (found > taken && !wasLeft) throw otherLog(`it holds ${found} records, and the log that is copied ${taken}`);
  onProgress('comparing what both logs come to');
  const after = await accountOf(target, SHARD, genesis, crypto);
  if (found > taken) return { found, copied, account: after };
  const before = await accountOf(source, SHARD, genesis, crypto);
  const difference = differenceOf(before, after);
  if (difference !== null) throw otherLog(`${difference} is ${after[difference]}, not ${before[difference]}`);
  return { found, copied, account: after };
}

/** Marks the old log as moved, and takes the mark from the new one. What came to the old one until the mark must have been copied. */
async function leave(
  source: MovableLog,
  target: MovableLog,
  { from, to, records, wasLeft }: { from: string; to: string; records: number; wasLeft: boolean },
): Promise<void> {
  if (!wasLeft) {
    await source.moveTo(to);
    let held = 0;
    await readRecords(source, SHARD, (more) => {
      held += more.length;
    });
    if (held !== records) {
      await source.moveTo(null);
      throw moved(from);
    }
  }
  if ((await target.movedTo()) !== null) await target.moveTo(null);
}

async function copyLog(
  source: DecisionLog,
  target: DecisionLog,
  { crypto, onProgress }: Pick<MigrateOptions, 'crypto' | 'onProgress'>,
): Promise<{ readonly found: number; readonly taken: number; readonly copied: number }> {
  const extension = await LogExtension.of(target, {
    crypto,
    onProgress: (added) => onProgress(`${added} records copied`),
  });
  await readRecords(source, SHARD, async (records) => {
    for (const { bytes } of records) await extension.take(bytes);
  });
  await extension.flush();
  const { held, taken, added } = extension.counts;
  return { found: held, taken, copied: added };
}

/** Where the log is to be. `pending`: where nodes of this home are being switched to; `mark`: where it was moved to, perhaps by another home. */
function placeTo({ folder, to }: MigrateOptions, from: string, pending: string | null, mark: string | null): string {
  const due = pending ?? mark;
  if (due !== null) {
    if (to === 'resume' || to === due) return due;
    const what =
      pending === null
        ? `the log at ${from} was moved to ${due}`
        : `the log of "${folder.name}" is being moved to ${due}`;
    const hint =
      'Nothing was changed. Have the nodes of this home follow it there first: canswarm migrate log --resume';
    throw new HostError('log_moving', what, hint);
  }
  if (to === 'resume')
    throw new HostError(
      'not_found',
      `no migration of "${folder.name}" was interrupted, and its log was not moved`,
      'Begin one: --to etcd or --to sqlite',
    );
  if (from === to)
    throw new HostError('usage', `the log of "${folder.name}" is at ${to} already`, 'Nothing was changed.');
  return to;
}

/** Where the nodes of a home have their log. Throws a HostError where that is not one place. */
export function placeOf({ name }: Pick<NetworkFolder, 'name'>, nodes: readonly NodeFolder[]): string {
  const places = new Set(nodes.map((node) => node.read().log));
  const [place] = places;
  if (place === undefined)
    throw new HostError('node_missing', `the network "${name}" has no node here`, 'Make one with: canswarm up');
  if (places.size > 1)
    throw new HostError('file_broken', 'nodes of this home follow different logs', 'Correct `log` in their node.json.');
  return place;
}

/** Throws a HostError where a node of this home runs: what it said would be lost. */
export async function requireStopped(nodes: readonly NodeFolder[]): Promise<void> {
  for (const node of nodes) {
    if ((await new NodeClient(node).life()) === 'stopped') continue;
    const hint = 'Nothing was changed. Stop every node that follows this log, here and elsewhere: canswarm down';
    throw new HostError('node_running', `the node "${node.name}" runs, and follows the log`, hint);
  }
}

/** Writes what the node will remember beside what it does. */
export async function prepare(node: NodeFolder, target: DecisionLog): Promise<void> {
  for (const part of PARTS) rmSync(`${nextStore(node)}${part}`, { force: true });
  if (!existsSync(node.storePath)) return;
  const stores: Store[] = [];
  try {
    const old = sqliteStore({ path: node.storePath });
    stores.push(old);
    const next = sqliteStore({ path: nextStore(node) });
    stores.push(next);
    const rebase = new Rebase(old, next);
    await readRecords(target, SHARD, (records) => rebase.take(records));
    rebase.finish();
  } finally {
    for (const store of stores) store.close();
  }
}

/** Once begun it can be done again, whatever of it was done. */
export function switchNode(node: NodeFolder, to: string): void {
  if (existsSync(nextStore(node))) {
    for (const part of PARTS.slice(1)) rmSync(`${node.storePath}${part}`, { force: true });
    renameSync(nextStore(node), node.storePath);
    for (const part of PARTS.slice(1)) rmSync(`${nextStore(node)}${part}`, { force: true });
  }
  node.write({ ...node.read(), log: to });
}

/** Where the last migration of a network came from: the way back. Throws a HostError where there was none. */
export function wayBack(folder: NetworkFolder): string {
  const last = readMigration(folder);
  if (last?.phase === 'done') return last.from;
  throw new HostError(
    'not_found',
    `no log of "${folder.name}" was moved here`,
    'Name the place: --to etcd or --to sqlite',
  );
}

const moved = (from: string): HostError =>
  new HostError(
    'log_moved',
    `the log at ${from} went on while it was copied`,
    'Nothing was switched. Stop every node that follows it, also in other homes, then try again.',
  );
