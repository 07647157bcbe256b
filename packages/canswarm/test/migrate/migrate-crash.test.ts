import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEtcdLog } from '@canswarm/log-etcd';
import { sqliteLog } from '@canswarm/log-sqlite';
import type { MovableLog } from '@canswarm/ports';
import { describe, expect, it, onTestFinished } from 'vitest';
import { takeNode } from '../../src/host/node-lock.ts';
import { startHost } from '../../src/host/run-host.ts';
import type { NetworkFolder } from '../../src/index.ts';
import { type MigrateOptions, migrateLog } from '../../src/migrate/migrate-log.ts';
import { readMigration, requireSettled } from '../../src/migrate/migration-file.ts';
import { recoverLog } from '../../src/migrate/recover-log.ts';
import { SHARD } from '../../src/network/network.ts';
import { crypto, example } from '../audit/example-log.ts';
import { ETCD, etcdHere } from '../etcd/etcd-here.ts';
import { networkHere, RECORDS } from './here.ts';

const { genesis } = example.log;
type Open = (place: string) => Promise<MovableLog>;
const openFile: Open = (path) => Promise.resolve(sqliteLog({ path, toMove: true }));

async function filled(): Promise<NetworkFolder> {
  const folder = networkHere();
  const one = folder.node('node-1').read();
  folder.node('node-2').write({ ...one, name: 'node-2' });
  const log = sqliteLog({ path: folder.logPath });
  await log.append(SHARD, RECORDS);
  await log.close();
  return folder;
}

/** Another home of the network, whose node follows the log of the first. */
function otherHome(folder: NetworkFolder): NetworkFolder {
  const other = networkHere();
  other.node('node-1').write({ ...other.node('node-1').read(), log: folder.logPath });
  return other;
}

const options = (folder: NetworkFolder, to: string, own: Partial<MigrateOptions> = {}): MigrateOptions => ({
  ...{ folder, genesis, crypto, onProgress: () => undefined, open: openFile, to },
  ...own,
});

const codeOf = async (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );

/** Which of the places take an entry from who opens them as nodes do. */
async function inForce(places: readonly string[], open: Open = (path) => Promise.resolve(sqliteLog({ path }))) {
  const taking: string[] = [];
  for (const place of places) {
    const code = await codeOf(
      open(place).then(async (log) => {
        try {
          await log.append(SHARD, RECORDS.slice(0, 1));
        } finally {
          await log.close();
        }
      }),
    );
    if (code === 'done') taking.push(place);
    else expect(code).toBe('moved');
  }
  return taking;
}

/** Dies at the step with this number; how many there were. */
async function movedUntil(about: MigrateOptions, step: number): Promise<number> {
  let steps = 0;
  const onProgress = (): void => {
    steps += 1;
    if (steps === step) throw new Error('the power failed');
  };
  const end = await codeOf(migrateLog({ ...about, onProgress }));
  expect(end).toBe(steps === step ? 'Error: the power failed' : 'done');
  return steps;
}

const logsOf = (folder: NetworkFolder): readonly string[] => folder.nodes().map((name) => folder.node(name).read().log);

describe('a move of a log that dies', () => {
  it('at any step leaves at most one log that takes entries, and any home ends it; the way back does so too', async () => {
    let [step, steps] = [0, 0];
    while (steps === step) {
      step += 1;
      const folder = await filled();
      const [from, to, other] = [folder.logPath, join(folder.path, 'other.sqlite'), otherHome(folder)];
      await migrateLog(options(folder, to));
      await migrateLog(options(folder, from));
      steps = await movedUntil(options(folder, to), step);
      const taking = await inForce([from, to]);
      expect(taking.length).toBeLessThanOrEqual(1);
      const isLeft = !taking.includes(from);
      // No node that could start follows what was left: either its log refuses it, or its home does.
      if (isLeft) expect(await codeOf(migrateLog(options(other, 'resume')))).toBe('done');
      // Where its last step was over before it died nothing is left to do.
      const isDone = logsOf(folder).every((log) => log === to) && readMigration(folder)?.phase === 'done';
      if (!isDone) expect(await codeOf(migrateLog(options(folder, isLeft ? 'resume' : to)))).toBe('done');
      expect(() => requireSettled(folder)).not.toThrow();
      expect(await inForce([from, to])).toEqual([to]);
      expect(logsOf(folder)).toEqual([to, to]);
      if (!isLeft) await migrateLog(options(other, 'resume'));
      expect(logsOf(other)).toEqual([to]);
    }
    expect(step).toBeGreaterThan(8);
  });

  it('between both logs, each marked as moved to the other, goes on the way that was begun last, also for who followed the one before', async () => {
    const folder = await filled();
    const [from, to] = [folder.logPath, join(folder.path, 'other.sqlite')];
    await migrateLog(options(folder, to));
    const late = otherHome(folder);
    late.node('node-1').write({ ...late.node('node-1').read(), log: from });
    let steps = 0;
    const dying = migrateLog(
      options(folder, from, {
        onProgress: (what) => {
          steps += 1;
          if (what.endsWith('takes nothing any more')) throw new Error('the power failed');
        },
      }),
    );
    await expect(dying).rejects.toThrow('the power failed');
    expect(steps).toBeGreaterThan(0);
    expect(await inForce([from, to])).toEqual([]);
    await migrateLog(options(late, 'resume'));
    expect(await inForce([from, to])).toEqual([from]);
    await migrateLog(options(folder, 'resume'));
    expect([logsOf(folder), logsOf(late)]).toEqual([[from, from], [from]]);
  });

  it('is followed over two moves at once, by a home that slept through both', async () => {
    const folder = await filled();
    const late = otherHome(folder);
    const [second, third] = [join(folder.path, 'second.sqlite'), join(folder.path, 'third.sqlite')];
    await migrateLog(options(folder, second));
    await migrateLog(options(folder, third));
    expect(await migrateLog(options(late, 'resume'))).toMatchObject({ from: second, to: third });
    expect(await inForce([folder.logPath, second, third])).toEqual([third]);
  });

  it('takes along a node that was made in its home meanwhile', async () => {
    const folder = await filled();
    const to = join(folder.path, 'other.sqlite');
    const onProgress = (what: string): void => {
      if (what.endsWith('takes nothing any more'))
        folder.node('node-3').write({ ...folder.node('node-1').read(), name: 'node-3' });
    };
    await migrateLog(options(folder, to, { onProgress }));
    expect(logsOf(folder)).toEqual([to, to, to]);
    folder.node('node-4').write({ ...folder.node('node-1').read(), name: 'node-4', log: folder.logPath });
    await migrateLog(options(folder, 'resume'));
    expect(logsOf(folder)).toEqual([to, to, to, to]);
  });
});

describe('two homes that move one log at once', () => {
  async function race(from: string, homes: readonly (readonly [NetworkFolder, string])[], open: Open) {
    // Each comes to the mark before either sets it.
    const [meet, both] = [Promise.withResolvers<void>(), new Set<number>()];
    const ends = homes.map(async ([folder, to], index) => {
      const meeting: Open = async (place) => {
        const log = await open(place);
        if (place !== from) return log;
        return {
          append: (shard, entries) => log.append(shard, entries),
          follow: (...of) => log.follow(...of),
          head: (shard) => log.head(shard),
          close: () => log.close(),
          mark: () => log.mark(),
          setMark: async (mark, was) => {
            both.add(index);
            if (both.size === homes.length) meet.resolve();
            await meet.promise;
            return log.setMark(mark, was);
          },
        };
      };
      return codeOf(migrateLog(options(folder, to, { open: meeting })));
    });
    return Promise.all(ends);
  }

  async function expectOneWins(folder: NetworkFolder, places: readonly string[], open: Open, asNode: Open) {
    const other = otherHome(folder);
    const homes = [folder, other].map((home, i) => [home, places[i] ?? ''] as const);
    const ends = await race(folder.logPath, homes, open);
    expect([...ends].sort()).toEqual(['done', 'log_moving']);
    const won = places[ends.indexOf('done')] ?? '';
    expect(await inForce([folder.logPath, ...places], asNode)).toEqual([won]);
    const [loser] = homes[ends.indexOf('log_moving')] ?? [folder];
    expect(logsOf(loser)).toEqual(logsOf(loser).map(() => folder.logPath));
    await migrateLog(options(loser, 'resume', { open }));
    expect([...logsOf(folder), ...logsOf(other)]).toEqual([won, won, won]);
  }

  it('has one win, and the other follow when it is resumed', async () => {
    const folder = await filled();
    const places = ['a.sqlite', 'b.sqlite'].map((name) => join(folder.path, name));
    await expectOneWins(folder, places, openFile, (path) => Promise.resolve(sqliteLog({ path })));
  });

  it.skipIf(ETCD === null)('also in one real etcd', async () => {
    const etcd = await etcdHere();
    onTestFinished(() => etcd.dispose());
    const folder = await filled();
    const at =
      (toMove: boolean): Open =>
      async (place) =>
        place.startsWith('etcd:')
          ? openEtcdLog({ endpoints: etcd.cluster.endpoints, prefix: place.slice('etcd:'.length), toMove })
          : sqliteLog({ path: place, toMove });
    await expectOneWins(folder, ['etcd:canswarm/a', 'etcd:canswarm/b'], at(true), at(false));
    const [place = ''] = logsOf(folder);
    const log = await at(true)(place);
    const mark = await log.mark();
    expect(await log.setMark({ place: 'elsewhere', turn: 9 }, { place: null, turn: mark.turn + 1 })).toBe(false);
    expect(await log.setMark({ place: 'elsewhere', turn: 9 }, mark)).toBe(true);
    expect(await log.setMark({ place: 'elsewhere', turn: 9 }, mark)).toBe(true);
    expect(await log.mark()).toEqual({ place: 'elsewhere', turn: 9 });
    await log.close();
  });
});

describe('a node of a home whose log is moved', () => {
  it('can neither start nor run meanwhile; who holds it is named', async () => {
    const folder = await filled();
    const to = join(folder.path, 'other.sqlite');
    let tried = 0;
    const onProgress = (): void => {
      tried += 1;
      expect(() => takeNode(folder.node('node-2'))).toThrow(`process ${process.pid} since`);
    };
    await migrateLog(options(folder, to, { onProgress }));
    expect(tried).toBeGreaterThan(3);
    const lock = takeNode(folder.node('node-2'));
    // Nothing of it is opened before it is held.
    await expect(startHost({ folder: folder.node('node-2') } as never)).rejects.toMatchObject({ code: 'node_running' });
    await expect(migrateLog(options(folder, folder.logPath))).rejects.toThrow(folder.node('node-2').path);
    const about = { folder, genesis, crypto, open: openFile, onProgress: () => undefined };
    expect(await codeOf(recoverLog(about))).toBe('node_running');
    lock.release();
    // Who was refused holds none of the others.
    takeNode(folder.node('node-1')).release();
  });

  it('does not stand in the way once its process was killed', async () => {
    const folder = await filled();
    const to = join(folder.path, 'other.sqlite');
    const home = dirname(dirname(folder.path));
    const script = fileURLToPath(new URL('./hold-node.ts', import.meta.url));
    const child = spawn(process.execPath, [script, home], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    await expect(migrateLog(options(folder, to))).rejects.toThrow(`process ${child.pid} since`);
    expect(await inForce([folder.logPath])).toEqual([folder.logPath]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await codeOf(migrateLog(options(folder, to)))).toBe('done');
  });
});
