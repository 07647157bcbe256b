import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type DecisionLog, LOG_ENTRY_BYTES_MAX, StorageError } from '@canswarm/ports';
import { toHex, utf8 } from '@canswarm/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SqliteLogOptions, sqliteLog } from '../src/index.ts';
import { smallDisk, temporaryFolder } from './folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path = '';
const opened: DecisionLog[] = [];
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.dir, 'log.sqlite');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((log) => log.close()));
  await folder.remove();
});

function open(options: Partial<SqliteLogOptions> = {}): DecisionLog {
  const log = sqliteLog({ path, pollMs: 5, ...options });
  opened.push(log);
  return log;
}

const source = JSON.stringify(new URL('../src/index.ts', import.meta.url).href);
const nodeArguments = (program: string): string[] => ['--input-type=module', '--eval', program];

async function failure(promise: Promise<unknown>): Promise<StorageError> {
  const error = await promise.then(
    () => 'nothing was rejected',
    (reason: unknown) => reason,
  );
  return error instanceof StorageError ? error : expect.fail(`no StorageError but ${String(error)}`);
}

/** Resolves with the texts of the first `count` records. */
function texts(log: DecisionLog, count: number): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
  const seen: string[] = [];
  const { ended } = log.follow('main', 0, (records) => {
    for (const { bytes } of records)
      seen.push(bytes.length < 100 ? new TextDecoder().decode(bytes) : `${bytes.length}`);
    if (seen.length >= count) resolve(seen);
  });
  ended.then(() => reject(new Error(`ended after ${seen.length}`)), reject);
  return promise;
}

/** What a program in a process of its own prints. */
async function output(program: string): Promise<string> {
  const child = spawn(process.execPath, nodeArguments(program), {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 30_000,
  });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return text;
}

describe('sqliteLog', () => {
  it('keeps what it acknowledged when the process is killed', async () => {
    const program = `
      import { sqliteLog } from ${source};
      const log = sqliteLog({ path: ${JSON.stringify(path)} });
      const encoder = new TextEncoder();
      await Promise.all(['a', 'b', 'c'].map((text) => log.append('main', [encoder.encode(text)])));
      process.kill(process.pid, 'SIGKILL');
    `;
    const child = spawnSync(process.execPath, nodeArguments(program), { cwd: import.meta.dirname });
    expect(child.signal, String(child.stderr)).toBe('SIGKILL');
    expect(await texts(open(), 3)).toEqual(['a', 'b', 'c']);
  });

  it('gives several processes one order', async () => {
    const program = (name: string): string => `
      import { createHash } from 'node:crypto';
      import { sqliteLog } from ${source};
      const log = sqliteLog({ path: ${JSON.stringify(path)}, pollMs: 5 });
      const encoder = new TextEncoder();
      const order = createHash('sha256');
      let seen = 0;
      const all = Promise.withResolvers();
      log.follow('main', 0, (records) => {
        for (const { bytes } of records) order.update(bytes);
        seen += records.length;
        if (seen === 121) all.resolve();
      });
      for (let i = 0; i < 40; i += 1) await log.append('main', [encoder.encode('${name}' + i), encoder.encode('both')]);
      await all.promise;
      await log.close();
      console.log(seen, order.digest('hex'));
    `;
    const lines = await Promise.all(['x', 'y', 'z'].map((name) => output(program(name))));
    expect(lines[0]).toMatch(/^121 [0-9a-f]{64}\n$/);
    expect(new Set(lines).size).toBe(1);
  });

  it('starves no process while several write as fast as they can, and loses and doubles nothing', async () => {
    const names = ['v', 'w', 'x', 'y', 'z'];
    const isReady = (name: string): string => `${path}-${name}`;
    // They begin together, once all are there: how long a process takes to start says nothing of the log.
    const program = (name: string): string => `
      import { existsSync, writeFileSync } from 'node:fs';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { sqliteLog } from ${source};
      const log = sqliteLog({ path: ${JSON.stringify(path)} });
      const encoder = new TextEncoder();
      await log.head('main');
      writeFileSync(${JSON.stringify(isReady(name))}, '');
      while (!${JSON.stringify(names.map(isReady))}.every((file) => existsSync(file))) await sleep(5);
      const until = Date.now() + 2_000;
      let written = 0;
      for (; Date.now() < until; written += 1) await log.append('main', [encoder.encode('${name} ' + written)]);
      await log.close();
      console.log(written);
    `;
    const written = await Promise.all(names.map(async (name) => Number(await output(program(name)))));
    expect(Math.min(...written) / Math.max(...written)).toBeGreaterThan(0.1);
    const total = written.reduce((sum, count) => sum + count, 0);
    const due = names.flatMap((name, index) => Array.from({ length: written[index] ?? 0 }, (_, i) => `${name} ${i}`));
    expect([...(await texts(open(), total))].sort()).toEqual(due.sort());
  });

  it('finds what other processes write without looking now and then', async () => {
    const log = sqliteLog({ path, pollMs: 1_000_000 });
    const seen = Promise.withResolvers<void>();
    log.follow('main', 0, () => seen.resolve());
    await log.head('main');
    const program = `
      import { sqliteLog } from ${source};
      const log = sqliteLog({ path: ${JSON.stringify(path)} });
      await log.append('main', [new TextEncoder().encode('from elsewhere')]);
      await log.close();
    `;
    await output(program);
    await seen.promise;
    await log.close();
  });

  it('says when it can only look now and then, and when that is over', async () => {
    const problems: (Error | null)[] = [];
    const told = Promise.withResolvers<void>();
    const blocked = `${path}-wake`;
    mkdirSync(blocked, { recursive: true });
    const log = sqliteLog({
      path,
      pollMs: 5,
      onWatch(problem) {
        problems.push(problem);
        if (problem === null) told.resolve();
      },
    });
    log.follow('main', 0, () => undefined);
    expect(problems[0]).toBeInstanceOf(Error);
    rmdirSync(blocked);
    await told.promise;
    await log.close();
  });

  it('writes the appends of one turn in one transaction', async () => {
    const log = open();
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
    try {
      await Promise.all(Array.from({ length: 500 }, (_, i) => log.append('main', [utf8(`${i}`)])));
      const commits = exec.mock.calls.filter(([sql]) => sql === 'COMMIT').length;
      expect(commits).toBe(1);
    } finally {
      exec.mockRestore();
    }
    expect(await texts(log, 500)).toEqual(Array.from({ length: 500 }, (_, i) => `${i}`));
  });

  it('hands large entries over in batches of bounded size', async () => {
    const log = open();
    const entry = (fill: number): Uint8Array => new Uint8Array(LOG_ENTRY_BYTES_MAX).fill(fill);
    await log.append(
      'main',
      Array.from({ length: 20 }, (_, i) => entry(i)),
    );
    const sizes: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    log.follow('main', 0, (records) => {
      sizes.push(records.length);
      if (sizes.reduce((sum, size) => sum + size, 0) === 20) resolve();
    });
    await promise;
    expect(Math.max(...sizes)).toBeLessThanOrEqual(7);
  });

  it('is written with full durability', () => {
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
    try {
      open();
      const settings = exec.mock.calls.map(([sql]) => sql).join('\n');
      expect(settings).toContain('journal_mode = WAL');
      expect(settings).toContain('synchronous = FULL');
    } finally {
      exec.mockRestore();
    }
  });
});

describe('sqliteLog in trouble', () => {
  it('waits for another process that holds the file, without blocking, and then says so', async () => {
    const log = open({ lockedMs: 300 });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const counter = setInterval(() => {
      turns += 1;
    }, 5);
    const error = await failure(log.append('main', [utf8('a')]));
    clearInterval(counter);
    expect(error.code).toBe('locked');
    expect(error.message).toContain('another process');
    expect(turns).toBeGreaterThan(3);
    expect(await log.head('main')).toBe(0);
    const waiting = log.append('main', [utf8('b')]);
    const closing = log.close();
    other.exec('COMMIT');
    other.close();
    await Promise.all([waiting, closing]);
    expect(await texts(open(), 1)).toEqual(['b']);
  });

  it('refuses a file of a newer version or of another kind', async () => {
    await open().close();
    const db = new DatabaseSync(path);
    db.exec('UPDATE schema SET version = 7');
    expect(() => open()).toThrow(expect.objectContaining({ code: 'newer' }));
    db.exec("UPDATE schema SET version = 1, kind = 'canswarm store'");
    expect(() => open()).toThrow(expect.objectContaining({ code: 'invalid' }));
    db.close();
    writeFileSync(`${path}.txt`, 'not a database at all, only some text\n'.repeat(100));
    expect(() => open({ path: `${path}.txt` })).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });

  it('ends a follower at a record that is not what was written', async () => {
    const log = open();
    await log.append('main', [utf8('genuine one'), utf8('genuine two')]);
    const db = new DatabaseSync(path);
    db.prepare('UPDATE entries SET bytes = ? WHERE cursor = 2').run(utf8('forged two!'));
    db.close();
    const error = await failure(texts(log, 2));
    expect(error.code).toBe('corrupt');
    expect(error.message).toContain('cursor 2');
  });

  it('ends followers and refuses appends when pages are damaged', async () => {
    const first = open();
    await first.append(
      'main',
      Array.from({ length: 300 }, (_, i) => new Uint8Array(2000).fill(i).fill(i >> 8, 0, 1)),
    );
    await first.close();
    const bytes = readFileSync(path);
    // The first pages hold the tables' roots: they stay, so that the file opens.
    bytes.fill(0xa5, 32 * 1024);
    writeFileSync(path, bytes);
    const log = open();
    expect((await failure(texts(log, 300))).code).toBe('corrupt');
    expect((await failure(log.append('main', [utf8('a')]))).code).toBe('corrupt');
  });

  it('says that the disk is full, adds nothing, and works again when there is space', async (context) => {
    const disk = join(folder.dir, 'disk');
    const unmount = smallDisk(disk, '1m');
    if (unmount === null) return context.skip('mounting a small disk needs root');
    const log = open({ path: join(disk, 'log.sqlite') });
    try {
      await log.append('main', [utf8('a')]);
      const large = Array.from({ length: 4 }, (_, i) => new Uint8Array(500_000).fill(i));
      const error = await failure(log.append('main', [utf8('lost'), ...large]));
      expect(error.code).toBe('full');
      expect(error.message).toContain('free some space');
      await log.append('main', [utf8('b')]);
      expect(await texts(log, 2)).toEqual(['a', 'b']);
    } finally {
      await log.close();
      unmount();
    }
  });

  it('stores what it says it stores', async () => {
    await open().append('main', [utf8('abc')]);
    const db = new DatabaseSync(path, { readOnly: true });
    const row = db.prepare('SELECT hash FROM entries').get();
    db.close();
    const hash = row?.['hash'];
    expect(hash instanceof Uint8Array && toHex(hash)).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
