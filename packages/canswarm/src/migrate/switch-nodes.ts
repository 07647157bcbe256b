import { existsSync, renameSync, rmSync } from 'node:fs';
import { sqliteStore } from '@canswarm/local';
import { type Cut, Rebase } from '@canswarm/node';
import type { DecisionLog, Store } from '@canswarm/ports';
import { HostError } from '../host/host-error.ts';
import type { NetworkFolder, NodeFolder } from '../host/network-folder.ts';
import { NodeClient } from '../host/node-client.ts';
import { takeNodes } from '../host/node-lock.ts';
import { SHARD } from '../network/network.ts';
import { readRecords } from './log-account.ts';

const nextStore = ({ storePath }: NodeFolder): string => `${storePath}.next`;
/** What SQLite keeps beside a database. */
const PARTS = ['', '-wal', '-shm'];

/** The nodes of a network in this home. */
export const nodesOf = (folder: NetworkFolder): readonly NodeFolder[] =>
  folder.nodes().map((name) => folder.node(name));

/**
 * Does `work` while no node of this home can run, or be worked on by another process. Rejects with a HostError `node_running` where one is: what
 * it said would be lost.
 */
export async function withStopped<T>(nodes: readonly NodeFolder[], work: () => Promise<T>): Promise<T> {
  for (const node of nodes) {
    if ((await new NodeClient(node).life()) === 'stopped') continue;
    const hint = 'Nothing was changed. Stop every node that follows this log, here and elsewhere: canswarm down';
    throw new HostError('node_running', `the node "${node.name}" runs, and follows the log`, hint);
  }
  const lock = takeNodes(nodes);
  try {
    return await work();
  } finally {
    lock.release();
  }
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

/** Writes what the node will remember beside what it does: all of it, or what a cut leaves. Done again it begins anew. */
export async function prepare(node: NodeFolder, target: DecisionLog, cut: Cut | null = null): Promise<void> {
  dropPrepared(node);
  if (!existsSync(node.storePath)) return;
  const stores: Store[] = [];
  try {
    const old = sqliteStore({ path: node.storePath });
    stores.push(old);
    const next = sqliteStore({ path: nextStore(node) });
    stores.push(next);
    const rebase = new Rebase(old, next, cut);
    await readRecords(target, SHARD, (records) => rebase.take(records));
    rebase.finish();
  } finally {
    for (const store of stores) store.close();
  }
}

export function dropPrepared(node: NodeFolder): void {
  for (const part of PARTS) rmSync(`${nextStore(node)}${part}`, { force: true });
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
