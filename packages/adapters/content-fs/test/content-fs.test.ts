import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContentError, type ContentStore, StorageError } from '@canswarm/ports';
import { buildFile, type Cid, cidOf, encodeCbor, linkOf, parseCid, utf8 } from '@canswarm/protocol';
import { importBytes } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../src/check-block.ts';
import { type ContentFsOptions, contentFs, open } from '../src/index.ts';
import { smallDisk, temporaryFolder } from './folder.ts';

const WANTED = { deadlineMs: 5000, maxBytes: 1_000_000 } as const;
const HOUR_MS = 3_600_000;

let folder: ReturnType<typeof temporaryFolder>;
let dir = '';
const opened: ContentStore[] = [];
beforeEach(() => {
  folder = temporaryFolder();
  dir = join(folder.dir, 'content');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await folder.remove();
});

async function openStore(options: Partial<ContentFsOptions> = {}): Promise<ContentStore> {
  const store = await contentFs({ dir, graceMs: 0, ...options });
  opened.push(store);
  return store;
}

const fileOf = (cid: Cid): string => join(dir, 'blocks', cid.slice(-2, -1), cid);

function makeOld(path: string, ageMs: number): void {
  const then = new Date(Date.now() - ageMs);
  utimesSync(path, then, then);
}

async function failure(promise: Promise<unknown>): Promise<StorageError | ContentError> {
  const error = await promise.then(
    () => 'nothing was rejected',
    (reason: unknown) => reason,
  );
  if (error instanceof StorageError || error instanceof ContentError) return error;
  return expect.fail(`neither StorageError nor ContentError but ${String(error)}`);
}

/** Every file under `blocks`, which must all be whole. */
function soundFiles(): number {
  let count = 0;
  for (const shard of readdirSync(join(dir, 'blocks'))) {
    for (const name of readdirSync(join(dir, 'blocks', shard))) {
      expect(parseCid(name)).toBe(cidOf(readFileSync(join(dir, 'blocks', shard, name)), 'raw', sha256));
      count += 1;
    }
  }
  return count;
}

describe('contentFs', () => {
  it('never leaves half a block behind, whenever its process is killed', async () => {
    const program = `
      import { contentFs } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
      const store = await contentFs({ dir: ${JSON.stringify(dir)} });
      for (let i = 0; ; i += 1) {
        await Promise.all([1, 2, 3, 4].map((n) => store.put(new Uint8Array(200_000).fill(i).fill(n, 0, 1), 'raw')));
        if (i === 10) console.log('under way');
      }
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(soundFiles()).toBeGreaterThanOrEqual(40);
  });

  it('is shared by several handles', async () => {
    const [one, two] = [await openStore(), await openStore()];
    const same = Array.from({ length: 50 }, (_, i) => utf8(`block ${i}`));
    const cids = await Promise.all(same.flatMap((bytes) => [one.put(bytes, 'raw'), two.put(bytes, 'raw')]));
    expect(new Set(cids).size).toBe(50);
    expect(soundFiles()).toBe(50);
    expect(readdirSync(join(dir, 'tmp'))).toEqual([]);
  });

  it('leaves young blocks alone, also those put again', async () => {
    const store = await openStore({ graceMs: HOUR_MS });
    const [young, old, again] = await Promise.all(
      ['young', 'old', 'again'].map((text) => store.put(utf8(text), 'raw')),
    );
    if (young === undefined || old === undefined || again === undefined) return expect.fail('three blocks were put');
    makeOld(fileOf(old), 2 * HOUR_MS);
    makeOld(fileOf(again), 2 * HOUR_MS);
    await store.put(utf8('again'), 'raw');
    expect(await store.gc()).toEqual({ removed: 1 });
    expect([await store.has(young), await store.has(old), await store.has(again)]).toEqual([true, false, true]);
  });

  it('removes nothing when a pinned block is damaged', async () => {
    const store = await openStore();
    const leaf = await store.put(utf8('leaf'), 'raw');
    const root = await store.put(encodeCbor({ leaf: linkOf(leaf) }), 'dag-cbor');
    const loose = await store.put(utf8('loose'), 'raw');
    await store.pin(root);
    truncateSync(fileOf(root), 5);
    const error = await failure(store.gc());
    expect([error.code, error instanceof ContentError && error.cid]).toEqual(['corrupt', root]);
    expect([await store.has(leaf), await store.has(loose)]).toEqual([true, true]);
  });

  it('removes what dead writers left, when it is old enough', async () => {
    const store = await openStore();
    for (const name of ['abandoned', 'under way']) writeFileSync(join(dir, 'tmp', name), 'half a bl');
    makeOld(join(dir, 'tmp', 'abandoned'), 2 * HOUR_MS);
    await store.gc();
    expect(readdirSync(join(dir, 'tmp'))).toEqual(['under way']);
  });

  it('passes over files that are no blocks or pins of its own', async () => {
    const store = await openStore();
    const cid = await store.put(utf8('block'), 'raw');
    for (const place of ['pins', 'blocks/b']) {
      mkdirSync(join(dir, place), { recursive: true });
      writeFileSync(join(dir, place, '.DS_Store'), '');
    }
    expect(await store.gc()).toEqual({ removed: 1 });
    expect(await store.has(cid)).toBe(false);
    expect(readdirSync(join(dir, 'blocks', 'b'))).toContain('.DS_Store');
  });

  it('stores files as Kubo cuts them', async () => {
    const store = await openStore();
    for (const size of [0, 1, 16_384, 16_385, 16_384 * 174 + 1]) {
      const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 9)) & 0xff);
      const imported = await importBytes(
        bytes,
        { put: async (cid) => cid },
        {
          rawLeaves: true,
          cidVersion: 1,
          chunker: fixedSize({ chunkSize: 16_384 }),
          layout: balanced({ maxChildrenPerNode: 174 }),
        },
      );
      const built = buildFile(bytes, sha256);
      expect(built.cid).toBe(imported.cid.toString());
      await store.putBlocks(built.blocks);
      await store.pin(built.cid);
    }
    expect(await store.gc()).toEqual({ removed: 0 });
  });
});

describe('contentFs in trouble', () => {
  it('gives neither half, nor long, nor foreign bytes out', async () => {
    const store = await openStore();
    const cid = await store.put(utf8('what was written'), 'raw');
    for (const bytes of ['', 'what was writte', 'what was written!', 'something else', 'x'.repeat(1_048_577)]) {
      writeFileSync(fileOf(cid), bytes);
      expect((await failure(store.get(cid, { ...WANTED, maxBytes: 2_000_000 }))).code).toBe('corrupt');
    }
  });

  it('refuses what is no CID before it becomes a path', async () => {
    const store = await openStore();
    writeFileSync(join(folder.dir, 'secret'), 'secret');
    for (const text of ['../../../secret', '', 'b', 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5f']) {
      const cid = text as Cid;
      for (const use of [store.get(cid, WANTED), store.has(cid), store.pin(cid), store.unpin(cid)]) {
        expect((await failure(use)).code).toBe('invalid');
      }
    }
  });

  it('refuses a folder of a newer version, or one that is none', async () => {
    await openStore();
    writeFileSync(join(dir, 'format'), '2\n');
    const error = await failure(openStore());
    expect([error.code, error.message.includes('upgrade')]).toEqual(['newer', true]);
    writeFileSync(join(dir, 'format'), 'cake');
    expect((await failure(openStore())).code).toBe('invalid');
    writeFileSync(join(folder.dir, 'file'), '');
    expect((await failure(openStore({ dir: join(folder.dir, 'file') }))).code).toBe('io');
  });

  it('says when reading fails', async () => {
    const store = await openStore();
    const cid = await store.put(utf8('block'), 'raw');
    const loop = await store.put(utf8('loop'), 'raw');
    const cyclic = fileOf(loop);
    await openStore().then((other) => other.gc());
    mkdirSync(fileOf(cid), { recursive: true });
    symlinkSync(cyclic, cyclic);
    expect((await failure(store.get(cid, WANTED))).code).toBe('io');
    expect((await failure(store.get(loop, WANTED))).code).toBe('io');
  });

  it('says that the disk is full, keeps no half of a block, and works again when there is space', async (context) => {
    const unmount = smallDisk(dir, '1m');
    if (unmount === null) return context.skip('mounting a small disk needs root');
    const store = await openStore();
    try {
      const first = await store.put(utf8('first'), 'raw');
      const blocks = Array.from({ length: 20 }, (_, i) => {
        const bytes = new Uint8Array(100_000).fill(i);
        return { cid: cidOf(bytes, 'raw', sha256), bytes };
      });
      const error = await failure(store.putBlocks(blocks));
      expect([error.code, error.message.includes('free some space')]).toEqual(['full', true]);
      expect(soundFiles()).toBeLessThan(21);
      expect(readdirSync(join(dir, 'tmp'))).toEqual([]);
      await store.pin(first);
      await store.gc();
      await store.put(utf8('second'), 'raw');
      expect(soundFiles()).toBe(2);
    } finally {
      await store.close();
      unmount();
    }
  });
});

describe('open', () => {
  it('opens a store from plain data and refuses anything else', async () => {
    const store = await open({ dir, sync: true, graceMs: 5 });
    opened.push(store);
    expect(await store.has(await store.put(utf8('a'), 'raw'))).toBe(true);
    const wrong = [null, undefined, dir, {}, { dir: '' }, { dir: 5 }, { dir, sync: 'yes' }, { dir, graceMs: -1 }];
    for (const options of wrong) await expect(open(options)).rejects.toBeInstanceOf(TypeError);
  });
});
