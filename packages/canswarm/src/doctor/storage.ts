import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentFs } from '@canswarm/content-fs';
import { sha256, sqliteStore } from '@canswarm/local';
import { cidOf, equalBytes } from '@canswarm/protocol';
import type { Examination } from './finding.ts';

/** Runs something with a folder of its own under the temporary folder, and removes it. */
export async function withTemporaryFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'canswarm-doctor-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const SYNCS = 10;
/** Slower than this a synced write holds everything up. */
const SYNC_MS_WARN = 100;

export const sqliteExamination: Examination = {
  name: 'node:sqlite',
  means:
    'The log and every node keep what they promised in SQLite files; a write must be on the disk before anybody is told.',
  todo: 'Use Node 22.18 or newer with node:sqlite, and a temporary folder (TMPDIR) on a local disk that can be written.',
  look: () =>
    withTemporaryFolder(async (folder) => {
      const path = join(folder, 'store.sqlite');
      const store = sqliteStore({ path });
      const startedAt = performance.now();
      for (let count = 0; count < SYNCS; count += 1) {
        store.batch([{ key: `k/${count}`, value: Uint8Array.of(count) }], { sync: true });
      }
      const syncMs = (performance.now() - startedAt) / SYNCS;
      store.close();
      const again = sqliteStore({ path });
      const kept = [...again.scan('k/')].length;
      again.close();
      if (kept !== SYNCS) throw new Error(`${kept} of ${SYNCS} values were there after opening the file again`);
      const found = `${SYNCS} synced writes, ${syncMs.toFixed(1)} ms each, all there after opening again`;
      const warn = 'The disk is slow to sync: put TMPDIR on a local disk.';
      return syncMs > SYNC_MS_WARN ? { found, warn } : { found };
    }),
};

export const contentExamination: Examination = {
  name: 'content store',
  means: 'Documents and results are kept as blocks in files, named by their hash and hashed again on every read.',
  todo: 'Use a temporary folder (TMPDIR) that can be written and keeps bytes as they are.',
  look: () =>
    withTemporaryFolder(async (folder) => {
      const content = await contentFs({ dir: join(folder, 'content') });
      try {
        const bytes = Uint8Array.from({ length: 16_384 }, (_, index) => index & 0xff);
        const cid = await content.put(bytes, 'raw');
        const back = await content.get(cid, { deadlineMs: 5_000, maxBytes: bytes.length });
        if (!equalBytes(back, bytes) || cid !== cidOf(back, 'raw', sha256))
          throw new Error('a block came back changed');
        return { found: 'a block came back as it was put' };
      } finally {
        await content.close();
      }
    }),
};
