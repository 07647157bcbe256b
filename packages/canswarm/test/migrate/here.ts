import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore, systemClock, systemRandom } from '@canswarm/local';
import { inlineRunner, memoryContent, memoryHub, memoryMeter } from '@canswarm/memory';
import { type Identity, Node, takenRecords } from '@canswarm/node';
import type { DecisionLog } from '@canswarm/ports';
import { encodeGenesis, genesisCid, type Head, utf8 } from '@canswarm/protocol';
import { onTestFinished } from 'vitest';
import { NetworkFolder } from '../../src/index.ts';
import { SHARD } from '../../src/network/network.ts';
import { crypto, example } from '../audit/example-log.ts';

const NETWORK = genesisCid(example.log.genesis, crypto.sha256);
/** What lies in the example's log: its entries, with a record among them that is none. */
export const RECORDS: readonly Uint8Array[] = example.log.entries.flatMap(({ bytes }, index) =>
  index === 3 ? [utf8('no entry'), bytes] : [bytes],
);

/** A home's folder of the example's network, with one node that is not made to run. */
export function networkHere(): NetworkFolder {
  const home = mkdtempSync(join(tmpdir(), 'canswarm-migrate-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = new NetworkFolder(home, 'local');
  folder.writeGenesis(encodeGenesis(example.log.genesis));
  folder.node('node-1').write({
    ...{ network: NETWORK, name: 'node-1', org: 'local', peerKey: 'peer', authorityKey: null },
    ...{ port: 4_000, log: folder.logPath, bootstrap: [], agents: [] },
  });
  return folder;
}

/**
 * Runs a node over a log until it applied all that there is, and said something where it has keys; its state's digest, how many records it was handed
 * beyond the last that it had, and the heads of what it said.
 */
export async function follow(
  folder: NetworkFolder,
  log: DecisionLog,
  entries = example.log.entries.length,
  name = 'node-1',
  identities: readonly Identity[] = [],
) {
  const { sha256 } = crypto;
  const [clock, random, content] = [systemClock(), systemRandom(), memoryContent(sha256)];
  const store = sqliteStore({ path: folder.node(name).storePath });
  const module = { skill: () => Promise.reject(new Error('nothing works here')) };
  let handed = 0;
  const last = [...takenRecords(store)].at(-1)?.cursor ?? 0;
  const counted: DecisionLog = {
    ...log,
    append: (shard, more) => log.append(shard, more),
    head: (shard) => log.head(shard),
    follow: (shard, after, onRecords) =>
      log.follow(shard, after, async (records) => {
        handed += records.filter(({ cursor }) => cursor > last).length;
        if (identities.length === 0) return onRecords(records);
        // One by one, so that it comes to each position and looks what is to be said there.
        for (const record of records) {
          await new Promise((resolve) => clock.schedule(2, () => resolve(undefined)));
          await onRecords([record]);
        }
      }),
  };
  const node = new Node({
    ...{ genesis: example.log.genesis, shard: SHARD, identities, gatherMs: 0 },
    ports: {
      ...{ clock, random, content, store, crypto, meter: memoryMeter(), log: counted },
      transport: memoryHub({ clock, random }).endpoint(name),
      runner: inlineRunner({ module, content, clock, random, sha256 }),
    },
  });
  const isThere = Promise.withResolvers<void>();
  const hasSaid = Promise.withResolvers<void>();
  const said: Head[] = [];
  node.listen({
    onHeard: ({ payload }) => {
      said.push(payload.head);
      if (payload.head.position >= entries) hasSaid.resolve();
    },
    onApplied: ({ position }) => void (position === entries && isThere.resolve()),
    onFailure: isThere.reject,
  });
  node.start();
  try {
    if (node.state.position < entries) await isThere.promise;
    if (identities.length > 0) await hasSaid.promise;
    store.batch([{ key: 'mine/signed', value: utf8('what it signed') }], { sync: true });
  } finally {
    await node.stop();
    store.close();
  }
  const { digest, position, incarnation } = node.state;
  return { digest, position, incarnation, handed, said };
}
