import { existsSync } from 'node:fs';
import { sqliteStore } from '@canswarm/local';
import { takenRecords } from '@canswarm/node';
import type { DecisionLog } from '@canswarm/ports';
import type { Crypto, Genesis } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import type { NetworkFolder, NodeFolder } from '../host/network-folder.ts';
import { SHARD } from '../network/network.ts';
import { accountOf, type LogAccount } from './log-account.ts';
import { LogExtension } from './log-extension.ts';
import { readMigration, removeMigration, requireSettled, writeMigration } from './migration-file.ts';
import { nodesOf, placeOf, prepare, switchNode, withStopped } from './switch-nodes.ts';

export interface RecoverOptions {
  readonly folder: NetworkFolder;
  readonly genesis: Genesis;
  readonly open: (place: string) => Promise<DecisionLog>;
  readonly crypto: Crypto;
  readonly onProgress: (what: string) => void;
}

/** What a recovery came to. */
export interface Recovered {
  readonly place: string;
  /** The node that held most of the log; null where nothing was said in the network yet, so that neither the log nor a node holds a record. */
  readonly by: string | null;
  /** Records that the log had, and those that it was given back. */
  readonly found: number;
  readonly restored: number;
  readonly account: LogAccount;
  readonly nodes: readonly string[];
}

/**
 * Gives a log back what it lost, such as one that was restored from a backup: every node keeps the records that it took. What the log still
 * has must be how those begin, so nothing is added to a log that went on without them. Nodes of this home follow it then under the cursors
 * that it has now. Rejects with a HostError or StorageError; done again, it goes on where it ended.
 */
export async function recoverLog(options: RecoverOptions): Promise<Recovered> {
  const nodes = nodesOf(options.folder);
  return withStopped(nodes, () => recoverHeld(options, nodes));
}

async function recoverHeld(options: RecoverOptions, nodes: readonly NodeFolder[]): Promise<Recovered> {
  const { folder, genesis, open, crypto, onProgress } = options;
  requireSettled(folder);
  const place = placeOf(folder, nodes);
  const best = longest(nodes);
  const log = await open(place);
  try {
    if (best === null) return nothingTaken(place, await accountOf(log, SHARD, genesis, crypto));
    const { found, restored } = await giveBack(best, log, crypto, onProgress);
    const account = await accountOf(log, SHARD, genesis, crypto);
    if (account.records !== found + restored)
      throw new HostError(
        'log_moved',
        `the log at ${place} went on while it was given back what it lost`,
        'Its order is not that of its nodes any more. Stop every node, also in other homes, restore the backup again, then recover it.',
      );
    for (const node of nodes) await prepare(node, log);
    const before = readMigration(folder);
    writeMigration(folder, { from: place, to: place, phase: 'switching' });
    for (const node of nodes) switchNode(node, place);
    if (before === null) removeMigration(folder);
    else writeMigration(folder, before);
    return { place, by: best.name, found, restored, account, nodes: nodes.map(({ name }) => name) };
  } finally {
    await log.close();
  }
}

/** What it comes to where no node took a record: nothing is lost of an empty log, and what others took of another one is not here. */
function nothingTaken(place: string, account: LogAccount): Recovered {
  if (account.records === 0) return { place, by: null, found: 0, restored: 0, account, nodes: [] };
  throw new HostError(
    'not_found',
    `no node of this home took any of the ${account.records} records of the log at ${place}, so this home has nothing to give back`,
    'Nothing was changed. Recover it first in a home whose nodes followed the log; nodes that never did need nothing: canswarm up',
  );
}

/** The node that took most records. */
function longest(nodes: readonly NodeFolder[]): NodeFolder | null {
  let best: { readonly node: NodeFolder; readonly taken: number } | null = null;
  for (const node of nodes) {
    let taken = 0;
    for (const _ of recordsOf(node)) taken += 1;
    if (taken > (best?.taken ?? 0)) best = { node, taken };
  }
  return best?.node ?? null;
}

/** The records that a node took, in order. */
export function* recordsOf(node: NodeFolder): Iterable<Uint8Array> {
  if (!existsSync(node.storePath)) return;
  const store = sqliteStore({ path: node.storePath });
  try {
    for (const { bytes } of takenRecords(store)) yield bytes;
  } finally {
    store.close();
  }
}

async function giveBack(
  node: NodeFolder,
  log: DecisionLog,
  crypto: Crypto,
  onProgress: (what: string) => void,
): Promise<Pick<Recovered, 'found' | 'restored'>> {
  const extension = await LogExtension.of(log, {
    crypto,
    onProgress: (added) => onProgress(`${added} records given back`),
  });
  for (const bytes of recordsOf(node)) await extension.take(bytes);
  await extension.flush();
  const { held, added } = extension.counts;
  return { found: held, restored: added };
}
