import { existsSync, rmSync } from 'node:fs';
import { sqliteStore } from '@canswarm/local';
import { openEtcdLog } from '@canswarm/log-etcd';
import { sqliteLog } from '@canswarm/log-sqlite';
import type { DecisionLog, MovableLog } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NetworkFolder } from '../../src/index.ts';
import { type MigrateOptions, migrateLog, wayBack } from '../../src/migrate/migrate-log.ts';
import { readMigration, requireSettled, writeMigration } from '../../src/migrate/migration-file.ts';
import { recoverLog } from '../../src/migrate/recover-log.ts';
import { SHARD } from '../../src/network/network.ts';
import { crypto, example } from '../audit/example-log.ts';
import { ETCD, etcdHere } from '../etcd/etcd-here.ts';
import { follow, networkHere, RECORDS } from './here.ts';

const { genesis } = example.log;

async function fill(folder: NetworkFolder, records = RECORDS): Promise<void> {
  const log = sqliteLog({ path: folder.logPath });
  await log.append(SHARD, records);
  await log.close();
}

const openFile = (path: string): Promise<MovableLog> => Promise.resolve(sqliteLog({ path, toMove: true }));

const options = (folder: NetworkFolder, own: Partial<MigrateOptions> = {}): MigrateOptions => ({
  ...{ folder, genesis, crypto, onProgress: () => undefined, open: openFile, to: `${folder.path}/other.sqlite` },
  ...own,
});

/** A log of which some is done otherwise. */
const withOwn = (log: MovableLog, own: Partial<MovableLog>): MovableLog => ({
  append: (shard, entries) => log.append(shard, entries),
  follow: (...of) => log.follow(...of),
  head: (shard) => log.head(shard),
  close: () => log.close(),
  mark: () => log.mark(),
  setMark: (mark, was) => log.setMark(mark, was),
  ...own,
});

const codeOf = async (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );

describe('a log that is moved', () => {
  it('comes to the same, and its node goes on as after any restart: it is handed nothing again, and keeps what it signed', async () => {
    const folder = networkHere();
    await fill(folder);
    const source = sqliteLog({ path: folder.logPath });
    const before = await follow(folder, source);
    await source.close();
    const to = `${folder.path}/other.sqlite`;
    // Its cursors are others: something lay there before, and was removed.
    const target = sqliteLog({ path: to });
    await target.append(SHARD, RECORDS.slice(0, 2));
    await target.close();
    const moved = await migrateLog(options(folder));
    expect(moved).toMatchObject({ from: folder.logPath, to, found: 2, copied: RECORDS.length - 2, nodes: ['node-1'] });
    expect(moved.account).toMatchObject({ records: RECORDS.length, entries: example.log.entries.length });
    expect(folder.node('node-1').read().log).toBe(to);
    const log = sqliteLog({ path: to });
    const after = await follow(folder, log);
    await log.close();
    expect(after).toEqual({ ...before, handed: 0 });
    const store = sqliteStore({ path: folder.node('node-1').storePath });
    expect(store.get('mine/signed')).toEqual(utf8('what it signed'));
    store.close();
  });

  it('takes the same way back, with what came since', async () => {
    const folder = networkHere();
    await fill(folder, RECORDS.slice(0, 6));
    const { to } = await migrateLog(options(folder));
    const log = sqliteLog({ path: to });
    await log.append(SHARD, RECORDS.slice(6));
    await log.close();
    expect(wayBack(folder)).toBe(folder.logPath);
    const back = await migrateLog(options(folder, { to: wayBack(folder) }));
    expect(back).toMatchObject({ from: to, to: folder.logPath, found: 6, copied: RECORDS.length - 6 });
    expect(folder.node('node-1').read().log).toBe(folder.logPath);
  });

  it('goes on where copying was interrupted, and ends a switch that was', async () => {
    const folder = networkHere();
    await fill(folder);
    const to = `${folder.path}/other.sqlite`;
    const broken = (path: string): Promise<MovableLog> => {
      const log = sqliteLog({ path });
      const append: DecisionLog['append'] = async (shard, entries) => {
        await log.append(shard, entries.slice(0, 4));
        throw new Error('the power failed');
      };
      return Promise.resolve(withOwn(log, { append }));
    };
    await expect(migrateLog(options(folder, { open: broken }))).rejects.toThrow('the power failed');
    expect(folder.node('node-1').read().log).toBe(folder.logPath);
    expect(await migrateLog(options(folder))).toMatchObject({ found: 4, copied: RECORDS.length - 4 });
    writeMigration(folder, { from: folder.logPath, to, phase: 'switching' });
    folder.node('node-1').write({ ...folder.node('node-1').read(), log: folder.logPath });
    expect(() => requireSettled(folder)).toThrow('interrupted');
    expect(await codeOf(migrateLog(options(folder, { to: folder.logPath })))).toBe('log_moving');
    await migrateLog(options(folder, { to: 'resume' }));
    expect(folder.node('node-1').read().log).toBe(to);
    expect(readMigration(folder)).toEqual({ from: folder.logPath, to, phase: 'done' });
    expect(() => requireSettled(folder)).not.toThrow();
    expect(await codeOf(migrateLog(options(folder, { to: 'resume' })))).toBe('not_found');
  });

  it('is not added to another log, nor to one that has more, and nothing is switched then', async () => {
    const folder = networkHere();
    await fill(folder);
    const to = `${folder.path}/other.sqlite`;
    const target = sqliteLog({ path: to });
    await target.append(SHARD, [...RECORDS.slice(0, 3), utf8('of somebody else')]);
    expect(await codeOf(migrateLog(options(folder)))).toBe('log_other');
    await target.append(SHARD, RECORDS);
    await target.close();
    expect(await codeOf(migrateLog(options(folder)))).toBe('log_other');
    expect(folder.node('node-1').read().log).toBe(folder.logPath);
    expect(existsSync(`${folder.path}/migration.json`)).toBe(false);
    expect(await codeOf(migrateLog(options(folder, { to: folder.logPath })))).toBe('usage');
  });

  it('takes along what the log that is copied was given until the very moment of the mark', async () => {
    const folder = networkHere();
    await fill(folder, RECORDS.slice(0, 5));
    const to = `${folder.path}/other.sqlite`;
    // Whoever still follows the old log appends to it until the very moment of the mark.
    const open = async (path: string): Promise<MovableLog> => {
      const log = sqliteLog({ path, toMove: true });
      return withOwn(log, {
        setMark: async (mark, was) => {
          if (path === folder.logPath && mark.place !== null) await log.append(SHARD, RECORDS.slice(5, 6));
          return log.setMark(mark, was);
        },
      });
    };
    expect(await migrateLog(options(folder, { open }))).toMatchObject({ to, found: 0, copied: 6 });
    expect(folder.node('node-1').read().log).toBe(to);
  });

  it('is refused where a node took what no log holds', async () => {
    const folder = networkHere();
    await fill(folder);
    const source = sqliteLog({ path: folder.logPath });
    await follow(folder, source);
    await source.close();
    for (const part of ['', '-wal', '-shm']) rmSync(`${folder.logPath}${part}`, { force: true });
    await fill(folder, RECORDS.slice(0, 4));
    expect(await codeOf(migrateLog(options(folder)))).toBe('corrupt');
    expect(folder.node('node-1').read().log).toBe(folder.logPath);
  });
});

describe('a log that lost what its node took', () => {
  it('is told of where others append meanwhile', async () => {
    for (const when of ['before', 'between'] as const) {
      const folder = networkHere();
      await fill(folder);
      const source = sqliteLog({ path: folder.logPath });
      await follow(folder, source);
      await source.close();
      for (const part of ['', '-wal', '-shm']) rmSync(`${folder.logPath}${part}`, { force: true });
      await fill(folder, RECORDS.slice(0, 4));
      const open = async (path: string): Promise<DecisionLog> => {
        const log = sqliteLog({ path });
        const other = [utf8('of another home')];
        let heads = 0;
        return {
          append: async (shard, entries) => {
            if (when === 'between') await log.append(shard, other);
            return log.append(shard, entries);
          },
          follow: (...of) => log.follow(...of),
          head: async (shard) => {
            heads += 1;
            if (when === 'before' && heads === 2) await log.append(shard, other);
            return log.head(shard);
          },
          close: () => log.close(),
        };
      };
      const about = { folder, genesis, crypto, open, onProgress: () => undefined };
      expect([when, await codeOf(recoverLog(about))]).toEqual([when, 'log_moved']);
    }
  });

  it('is given it back, and the node goes on under the cursors that it has now', async () => {
    const folder = networkHere();
    await fill(folder);
    const source = sqliteLog({ path: folder.logPath });
    const before = await follow(folder, source);
    await source.close();
    for (const part of ['', '-wal', '-shm']) rmSync(`${folder.logPath}${part}`, { force: true });
    await fill(folder, RECORDS.slice(0, 4));
    const about = { folder, genesis, crypto, open: openFile, onProgress: () => undefined };
    const recovered = await recoverLog(about);
    expect(recovered).toMatchObject({ by: 'node-1', found: 4, restored: RECORDS.length - 4 });
    const log = sqliteLog({ path: folder.logPath });
    expect(await follow(folder, log)).toEqual({ ...before, handed: 0 });
    await log.close();
    expect(await recoverLog(about)).toMatchObject({ found: RECORDS.length, restored: 0, account: recovered.account });
    expect(existsSync(`${folder.path}/migration.json`)).toBe(false);
  });

  it('has nothing to get where nothing was said yet', async () => {
    const folder = networkHere();
    const about = { folder, genesis, crypto, open: openFile, onProgress: () => undefined };
    const account = { records: 0, entries: 0 };
    expect(await recoverLog(about)).toMatchObject({ by: null, found: 0, restored: 0, account, nodes: [] });
    await fill(folder, RECORDS.slice(0, 4));
    await expect(recoverLog(about)).rejects.toThrow(/no node of this home took any of the 4 records/);
  });

  it('is not added to where it went on without that, and where no node knows it', async () => {
    const folder = networkHere();
    const about = { folder, genesis, crypto, open: openFile, onProgress: () => undefined };
    await fill(folder);
    expect(await codeOf(recoverLog(about))).toBe('not_found');
    const source = sqliteLog({ path: folder.logPath });
    await follow(folder, source);
    await source.close();
    for (const part of ['', '-wal', '-shm']) rmSync(`${folder.logPath}${part}`, { force: true });
    await fill(folder, [...RECORDS.slice(0, 4), utf8('what came instead')]);
    expect(await codeOf(recoverLog(about))).toBe('log_other');
  });
});

/** Another home of the network, whose node follows the log of the first. */
function otherHome(folder: NetworkFolder): NetworkFolder {
  const other = networkHere();
  other.node('node-1').write({ ...other.node('node-1').read(), log: folder.logPath });
  return other;
}

describe('a log that one home moved', () => {
  it('takes nothing any more and ends whoever follows it, in the other home too, which says where it is', async () => {
    const folder = networkHere();
    await fill(folder);
    const other = sqliteLog({ path: folder.logPath });
    const handed: number[] = [];
    const following = other.follow(SHARD, 0, (records) => void handed.push(records.length));
    const ended = following.ended.then(
      () => 'closed',
      (error: unknown) => error,
    );
    const { to } = await migrateLog(options(folder));
    expect(await ended).toMatchObject({ code: 'moved', message: expect.stringContaining(to) });
    const before = await other.head(SHARD);
    await expect(other.append(SHARD, [utf8('of the other home')])).rejects.toMatchObject({
      code: 'moved',
      message: expect.stringContaining('canswarm migrate log --resume'),
    });
    expect(await other.head(SHARD)).toBe(before);
    await other.close();
    const late = sqliteLog({ path: folder.logPath });
    await expect(late.follow(SHARD, 0, () => undefined).ended).rejects.toMatchObject({ code: 'moved' });
    await late.close();
  });

  it('is followed by the other home, also when the new one went on; it cannot be moved elsewhere from there', async () => {
    const folder = networkHere();
    await fill(folder, RECORDS.slice(0, 6));
    const other = otherHome(folder);
    const { to } = await migrateLog(options(folder));
    const log = sqliteLog({ path: to });
    await log.append(SHARD, RECORDS.slice(6));
    await log.close();
    expect(await codeOf(migrateLog(options(other, { to: `${other.path}/third.sqlite` })))).toBe('log_moving');
    expect(existsSync(`${other.path}/third.sqlite`)).toBe(false);
    const followed = await migrateLog(options(other, { to: 'resume' }));
    expect(followed).toMatchObject({ from: folder.logPath, to, found: RECORDS.length, copied: 0 });
    expect(other.node('node-1').read().log).toBe(to);
  });

  it('is not begun anew by a home that does not reach the new one', async () => {
    const folder = networkHere();
    await fill(folder);
    const other = otherHome(folder);
    const { to } = await migrateLog(options(folder));
    for (const part of ['', '-wal', '-shm']) rmSync(`${to}${part}`, { force: true });
    expect(await codeOf(migrateLog(options(other, { to: 'resume' })))).toBe('log_other');
    expect(other.node('node-1').read().log).toBe(folder.logPath);
  });

  it('takes entries again once it is moved back, and then the other one takes none', async () => {
    const folder = networkHere();
    await fill(folder, RECORDS.slice(0, 6));
    const { to } = await migrateLog(options(folder));
    await migrateLog(options(folder, { to: wayBack(folder) }));
    const [old, left] = [sqliteLog({ path: folder.logPath }), sqliteLog({ path: to })];
    await old.append(SHARD, RECORDS.slice(6));
    expect(await codeOf(left.append(SHARD, RECORDS.slice(6)))).toBe('moved');
    expect(await old.mark()).toMatchObject({ place: null });
    expect(await left.mark()).toMatchObject({ place: folder.logPath });
    await old.close();
    await left.close();
  });

  it('is switched to after a crash between the mark and the switch, and no node starts before', async () => {
    const folder = networkHere();
    await fill(folder);
    const to = `${folder.path}/other.sqlite`;
    const dying = async (path: string): Promise<MovableLog> => {
      const log = sqliteLog({ path, toMove: true });
      return withOwn(log, {
        setMark: async (mark, was) => {
          const isSet = await log.setMark(mark, was);
          if (path === folder.logPath) throw new Error('the power failed');
          return isSet;
        },
      });
    };
    await expect(migrateLog(options(folder, { open: dying }))).rejects.toThrow('the power failed');
    expect(folder.node('node-1').read().log).toBe(folder.logPath);
    const log = sqliteLog({ path: folder.logPath });
    expect(await codeOf(log.append(SHARD, [utf8('more')]))).toBe('moved');
    await log.close();
    expect(await migrateLog(options(folder, { to: 'resume' }))).toMatchObject({ to, copied: 0 });
    expect(folder.node('node-1').read().log).toBe(to);
  });
});

describe.skipIf(ETCD === null)('a log that is moved into a real etcd, and back', () => {
  it('comes to the same in both, and its node goes on with either', async () => {
    const etcd = await etcdHere();
    onTestFinished(() => etcd.dispose());
    const folder = networkHere();
    await fill(folder);
    const source = sqliteLog({ path: folder.logPath });
    const before = await follow(folder, source);
    await source.close();
    const open = async (place: string): Promise<MovableLog> =>
      place.startsWith('etcd:')
        ? openEtcdLog({ endpoints: etcd.cluster.endpoints, prefix: place.slice('etcd:'.length), toMove: true })
        : sqliteLog({ path: place, toMove: true });
    const there = await migrateLog(options(folder, { open, to: 'etcd:canswarm/test' }));
    expect(there).toMatchObject({ found: 0, copied: RECORDS.length });
    const log = await open('etcd:canswarm/test');
    expect(await follow(folder, log)).toEqual({ ...before, handed: 0 });
    await log.close();
    const back = await migrateLog(options(folder, { open, to: folder.logPath }));
    expect(back).toMatchObject({ found: RECORDS.length, copied: 0 });
    expect(back.account).toEqual(there.account);
    const again = sqliteLog({ path: folder.logPath });
    expect(await follow(folder, again)).toEqual({ ...before, handed: 0 });
    await again.close();
  });

  it('takes nothing any more where it was moved from etcd, and ends whoever follows it there', async () => {
    const etcd = await etcdHere();
    onTestFinished(() => etcd.dispose());
    const folder = networkHere();
    await fill(folder);
    const prefix = 'canswarm/test';
    const there = { endpoints: etcd.cluster.endpoints, prefix };
    const open = async (place: string): Promise<MovableLog> =>
      place.startsWith('etcd:') ? openEtcdLog({ ...there, toMove: true }) : sqliteLog({ path: place, toMove: true });
    await migrateLog(options(folder, { open, to: `etcd:${prefix}` }));
    const log = await openEtcdLog(there);
    const ended = log.follow(SHARD, 0, () => undefined).ended.catch((error: unknown) => error);
    await migrateLog(options(folder, { open, to: folder.logPath }));
    const refused = log.append(SHARD, [utf8('of the other home')]);
    await expect(refused).rejects.toMatchObject({ code: 'moved', message: expect.stringContaining(folder.logPath) });
    expect(await ended).toMatchObject({ code: 'moved' });
    expect(await codeOf(log.head(SHARD))).toBe('moved');
    await log.close();
    expect(await codeOf(openEtcdLog(there))).toBe('moved');
    await migrateLog(options(folder, { open, to: `etcd:${prefix}` }));
    const again = await openEtcdLog(there);
    expect(await codeOf(again.append(SHARD, [utf8('one more')]))).toBe('done');
    await again.close();
  });
});
