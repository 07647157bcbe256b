import { existsSync, renameSync, rmSync } from 'node:fs';
import { sqliteStore } from '@canswarm/local';
import { Rebase } from '@canswarm/node';
import type { DecisionLog, Store } from '@canswarm/ports';
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
  /** Where the log is to be, as nodes' files say it; `resume` ends what was interrupted while nodes were switched. */
  readonly to: string | 'resume';
  readonly open: (place: string) => Promise<DecisionLog>;
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
 * Moves a network's log: copies it, proves that both logs hold the same and that the law makes the same of them, and only then switches the
 * nodes of this home. The old log is not touched, so the way back is the same way. Before the switch nothing is lost by an interruption;
 * in it no node starts until it is resumed. Rejects with a HostError or StorageError.
 */
export async function migrateLog(options: MigrateOptions): Promise<Migrated> {
  const { folder, genesis, crypto, open, onProgress } = options;
  const nodes = folder.nodes().map((name) => folder.node(name));
  await requireStopped(nodes);
  const pending = readMigration(folder);
  const { from, to } = placesOf(options, nodes, pending?.phase === 'switching' ? pending : null);
  const [source, target] = [await open(from), await open(to)];
  try {
    const head = await source.head(SHARD);
    const { found, copied } = await copyLog(source, target, options);
    onProgress('comparing what both logs come to');
    const [before, after] = [
      await accountOf(source, SHARD, genesis, crypto),
      await accountOf(target, SHARD, genesis, crypto),
    ];
    const difference = differenceOf(before, after);
    if (difference !== null) throw otherLog(`${difference} is ${after[difference]}, not ${before[difference]}`);
    if ((await source.head(SHARD)) !== head) throw moved(from);
    if (pending?.phase !== 'switching') {
      for (const node of nodes) await prepare(node, target);
      writeMigration(folder, { from, to, phase: 'switching' });
    }
    for (const node of nodes) switchNode(node, to);
    writeMigration(folder, { from, to, phase: 'done' });
    return { from, to, found, copied, account: after, nodes: nodes.map(({ name }) => name) };
  } finally {
    await source.close();
    await target.close();
  }
}

async function copyLog(
  source: DecisionLog,
  target: DecisionLog,
  { crypto, onProgress }: Pick<MigrateOptions, 'crypto' | 'onProgress'>,
): Promise<Pick<Migrated, 'found' | 'copied'>> {
  const extension = await LogExtension.of(target, {
    crypto,
    onProgress: (added) => onProgress(`${added} records copied`),
  });
  await readRecords(source, SHARD, async (records) => {
    for (const { bytes } of records) await extension.take(bytes);
  });
  await extension.flush();
  const { held, taken, added } = extension.counts;
  if (held > taken) throw otherLog(`it holds ${held} records, and the log that is copied ${taken}`);
  return { found: held, copied: added };
}

function placesOf(
  { folder, to }: MigrateOptions,
  nodes: readonly NodeFolder[],
  pending: { readonly from: string; readonly to: string } | null,
): { readonly from: string; readonly to: string } {
  if (pending !== null) {
    if (to === 'resume' || to === pending.to) return pending;
    const hint = 'Let that end first: canswarm migrate log --resume';
    throw new HostError('log_moving', `the log of "${folder.name}" is being moved to ${pending.to}`, hint);
  }
  if (to === 'resume')
    throw new HostError(
      'not_found',
      `no migration of "${folder.name}" was interrupted`,
      'Begin one: --to etcd or --to sqlite',
    );
  const from = placeOf(folder, nodes);
  if (from === to)
    throw new HostError('usage', `the log of "${folder.name}" is at ${to} already`, 'Nothing was changed.');
  return { from, to };
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
