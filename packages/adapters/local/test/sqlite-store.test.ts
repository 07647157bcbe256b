import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqlite, StorageError } from '@canswarm/ports';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sqliteStore } from '../src/index.ts';
import { smallDisk, temporaryFolder } from './folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path = '';
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.dir, 'store.sqlite');
});
afterEach(() => folder.remove());

function failure(action: () => unknown): StorageError {
  try {
    action();
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

const one = { key: 'a', value: Uint8Array.of(1) };

describe('sqliteStore', () => {
  it('keeps synced and earlier batches when the process is killed', () => {
    const program = `
      import { sqliteStore } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
      const store = sqliteStore({ path: ${JSON.stringify(path)} });
      store.batch([{ key: 'lazy', value: Uint8Array.of(1) }], { sync: false });
      store.batch([{ key: 'synced', value: Uint8Array.of(2) }, { key: 'with it', value: Uint8Array.of(3) }], { sync: true });
      process.kill(process.pid, 'SIGKILL');
    `;
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: import.meta.dirname });
    expect(child.signal, String(child.stderr)).toBe('SIGKILL');
    const store = sqliteStore({ path });
    expect(Array.from(store.scan(''), ([key]) => key)).toEqual(['lazy', 'synced', 'with it']);
    store.close();
  });

  it('asks SQLite for full durability for exactly the batches that want it', () => {
    const store = sqliteStore({ path });
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
    try {
      store.batch([one], { sync: true });
      store.batch([one], { sync: false });
      expect(exec.mock.calls.map(([sql]) => sql)).toEqual([
        'PRAGMA synchronous = FULL',
        'BEGIN IMMEDIATE',
        'COMMIT',
        'PRAGMA synchronous = NORMAL',
        'BEGIN IMMEDIATE',
        'COMMIT',
      ]);
    } finally {
      exec.mockRestore();
      store.close();
    }
  });

  it('refuses a file of a newer version, and leaves it as it is', () => {
    sqliteStore({ path }).close();
    const db = new DatabaseSync(path);
    db.exec('UPDATE schema SET version = 99');
    db.close();
    const before = readFileSync(path);
    const error = failure(() => sqliteStore({ path }));
    expect(error.code).toBe('newer');
    expect(error.message).toContain('format 99');
    expect(error.message).toContain('upgrade');
    expect(readFileSync(path)).toEqual(before);
  });

  it('refuses files that are something else', () => {
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE recipes (name TEXT)');
    db.close();
    expect(failure(() => sqliteStore({ path })).code).toBe('invalid');
    const other = join(folder.dir, 'other.sqlite');
    openSqlite({
      path: other,
      open: () => new DatabaseSync(other),
      schema: { kind: 'diary', migrations: ['CREATE TABLE d (x)'] },
    }).close();
    expect(failure(() => sqliteStore({ path: other })).message).toContain('is no canswarm store');
    const text = join(folder.dir, 'notes.txt');
    writeFileSync(text, 'these are notes, not a database, and quite a few of them\n'.repeat(40));
    const error = failure(() => sqliteStore({ path: text }));
    expect(error.code).toBe('corrupt');
    expect(error.message).toContain('restore a backup');
  });

  it('says when a page of the file is damaged', () => {
    const store = sqliteStore({ path });
    const operations = Array.from({ length: 200 }, (_, i) => ({ key: `key ${i}`, value: new Uint8Array(500).fill(i) }));
    store.batch(operations, { sync: true });
    store.close();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096);
    writeFileSync(path, bytes);
    const error = failure(() => {
      const damaged = sqliteStore({ path });
      try {
        for (const [,] of damaged.scan(''));
      } finally {
        damaged.close();
      }
    });
    expect(error.code).toBe('corrupt');
  });

  it('says that another process holds the file, and works again when it lets go', () => {
    const store = sqliteStore({ path, busyTimeoutMs: 20 });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const error = failure(() => store.batch([one], { sync: false }));
    expect(error.code).toBe('locked');
    expect(error.message).toContain('another process');
    expect(store.get('a')).toBeUndefined();
    other.exec('COMMIT');
    other.close();
    store.batch([one], { sync: false });
    expect(store.get('a')).toEqual(one.value);
    store.close();
  });

  it('says that the disk is full, keeps nothing of the batch, and works again when there is space', (context) => {
    const disk = join(folder.dir, 'disk');
    const unmount = smallDisk(disk, '1m');
    if (unmount === null) return context.skip('mounting a small disk needs root');
    const store = sqliteStore({ path: join(disk, 'store.sqlite') });
    try {
      store.batch([one], { sync: true });
      const filler = Array.from({ length: 40 }, (_, i) => ({ key: `filler ${i}`, value: new Uint8Array(50_000) }));
      const error = failure(() => store.batch([{ key: 'b', value: one.value }, ...filler], { sync: true }));
      expect(error.code).toBe('full');
      expect(error.message).toContain('free some space');
      expect(Array.from(store.scan(''), ([key]) => key)).toEqual(['a']);
      store.batch([{ key: 'b', value: one.value }], { sync: true });
      expect(store.get('b')).toEqual(one.value);
    } finally {
      store.close();
      unmount();
    }
  });

  it('says that it cannot be opened', async () => {
    await mkdir(path);
    expect(failure(() => sqliteStore({ path })).code).toBe('io');
    writeFileSync(join(folder.dir, 'file'), '');
    const error = failure(() => sqliteStore({ path: join(folder.dir, 'file', 'store.sqlite') }));
    expect(error.code).toBe('io');
    expect(error.message).toContain('folder');
  });
});

describe('openSqlite', () => {
  const first = 'CREATE TABLE things (name TEXT)';
  const second = "ALTER TABLE things ADD COLUMN colour TEXT; UPDATE things SET colour = 'grey'";
  const openWith = (...migrations: string[]) =>
    openSqlite({ path, open: () => new DatabaseSync(path), schema: { kind: 'things', migrations } });

  it('brings an older file up after keeping a copy', () => {
    const old = openWith(first);
    old.db.exec("INSERT INTO things VALUES ('stone')");
    old.close();
    writeFileSync(`${path}.v1.backup`, 'a backup that somebody keeps');
    const upgraded = openWith(first, second);
    expect({ ...upgraded.db.prepare('SELECT * FROM things').get() }).toEqual({ name: 'stone', colour: 'grey' });
    upgraded.close();
    expect(readFileSync(`${path}.v1.backup`, 'utf8')).toBe('a backup that somebody keeps');
    const backup = new DatabaseSync(`${path}.v1.backup.2`);
    expect({ ...backup.prepare('SELECT * FROM things').get() }).toEqual({ name: 'stone' });
    backup.close();
    openWith(first, second).close();
    expect(existsSync(`${path}.v2.backup`)).toBe(false);
  });

  it('leaves an older file as it was when the upgrade fails', () => {
    openWith(first).close();
    expect(() => openWith(first, 'ALTER TABLE things ADD COLUMN colour TEXT; nonsense')).toThrow();
    const again = openWith(first);
    expect(again.db.prepare('SELECT count(*) AS n FROM pragma_table_info(?)').get('things')?.['n']).toBe(1);
    again.close();
  });

  it('rolls a failed transaction back', () => {
    const file = openWith(first);
    const work = () => {
      file.db.exec("INSERT INTO things VALUES ('lost')");
      throw new Error('changed my mind');
    };
    expect(() => file.transaction(work)).toThrow('changed my mind');
    expect(file.db.prepare('SELECT count(*) AS n FROM things').get()?.['n']).toBe(0);
    file.close();
  });
});
