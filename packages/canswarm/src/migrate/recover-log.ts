import { existsSync } from 'node:fs';
import { sqliteStore } from '@canswarm/local';
import { takenRecords } from '@canswarm/node';
import { type DecisionLog, LOG_APPEND_MAX } from '@canswarm/ports';
import { type Crypto, equalBytes, type Genesis } from '@canswarm/protocol';
import { HostError } from '../host/host-error.ts';
import type { NetworkFolder, NodeFolder } from '../host/network-folder.ts';
import { SHARD } from '../network/network.ts';
import { BYTES_AT_ONCE, otherLog } from './copy-log.ts';
import { accountOf, type LogAccount, readRecords } from './log-account.ts';
import { placeOf, prepare, requireStopped, switchNode } from './migrate-log.ts';
import { readMigration, removeMigration, requireSettled, writeMigration } from './migration-file.ts';

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
  /** The node that held most of the log. */
  readonly by: string;
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
export async function recoverLog({ folder, genesis, open, crypto, onProgress }: RecoverOptions): Promise<Recovered> {
  const nodes = folder.nodes().map((name) => folder.node(name));
  await requireStopped(nodes);
  requireSettled(folder);
  const place = placeOf(folder, nodes);
  const best = longest(nodes);
  if (best === null)
    throw new HostError(
      'not_found',
      'no node of this home has followed the log yet',
      'Recover it in a home whose nodes did.',
    );
  const log = await open(place);
  try {
    const { found, restored } = await giveBack(best, log, crypto, onProgress);
    const account = await accountOf(log, SHARD, genesis, crypto);
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

function* recordsOf(node: NodeFolder): Iterable<Uint8Array> {
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
  { sha256 }: Pick<Crypto, 'sha256'>,
  onProgress: (what: string) => void,
): Promise<{ readonly found: number; readonly restored: number }> {
  const there: Uint8Array[] = [];
  await readRecords(log, SHARD, (records) => void there.push(...records.map(({ bytes }) => sha256(bytes))));
  let number = 0;
  let restored = 0;
  let batch: Uint8Array[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    await log.append(SHARD, batch);
    restored += batch.length;
    [batch, size] = [[], 0];
    onProgress(`${restored} records given back`);
  };
  for (const bytes of recordsOf(node)) {
    const before = there[number];
    number += 1;
    if (before !== undefined) {
      if (!equalBytes(before, sha256(bytes))) throw otherLog(`its record ${number} is not what "${node.name}" took`);
      continue;
    }
    if (batch.length >= LOG_APPEND_MAX || size + bytes.length > BYTES_AT_ONCE) await flush();
    batch.push(bytes);
    size += bytes.length;
  }
  await flush();
  return { found: there.length, restored };
}
