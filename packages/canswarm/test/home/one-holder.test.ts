import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Lock, tryLock, withLock } from '../../src/home/lock.ts';
import { agent, byMachine, codeOf, fresh, homeAt, startHelper } from './support.ts';

/** Longest wait for something that should happen at once, ms. */
const DEADLINE_MS = 30_000;

describe('a key has one holder', () => {
  it('in one process', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    const open = await homeAt(path).keys.open('a');
    expect(await codeOf(() => homeAt(path).keys.open('a'))).toBe('in_use');
    expect(homeAt(path).keys.show('a').heldBy?.pid).toBe(process.pid);
    open.close();
    open.close();
    expect(homeAt(path).keys.show('a').heldBy).toBeNull();
    (await homeAt(path).keys.open('a')).close();
  });

  it('among processes, until it is killed', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    for (let round = 0; round < 3; round += 1) {
      const holder = startHelper('open', path, 'a');
      expect(await holder.said).toBe('ok');
      await expect(homeAt(path).keys.open('a')).rejects.toThrow(
        new RegExp(`held by process ${holder.child.pid} since`),
      );
      expect(homeAt(path).keys.show('a').heldBy?.pid).toBe(holder.child.pid);
      holder.child.kill('SIGKILL');
      await holder.ended;
      expect(homeAt(path).keys.show('a').heldBy).toBeNull();
      expect(readdirSync(join(path, 'keys', '.locks')).filter((file) => file.endsWith('-journal'))).toEqual([]);
      (await homeAt(path).keys.open('a')).close();
    }
  });

  it('when many start at once', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    const helpers = Array.from({ length: 6 }, () => startHelper('open', path, 'a'));
    const said = await Promise.all(helpers.map((helper) => helper.said));
    expect(said.sort()).toEqual(['in_use', 'in_use', 'in_use', 'in_use', 'in_use', 'ok']);
    for (const { child } of helpers) child.kill('SIGKILL');
    await Promise.all(helpers.map(({ ended }) => ended));
    (await homeAt(path).keys.open('a')).close();
  });

  it('also when it forgets that it does', async () => {
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    const holder = startHelper('forget', path, 'a');
    expect(await holder.said).toBe('ok');
    expect(await codeOf(() => homeAt(path).keys.open('a'))).toBe('in_use');
    holder.child.kill('SIGKILL');
    await holder.ended;
  });
});

describe('processes that change a new home at once', () => {
  it('make a key of one name once, and all of different names', async () => {
    const path = fresh();
    const same = Array.from({ length: 3 }, () => startHelper('make', path, 'same'));
    const others = ['x', 'y', 'z'].map((name) => startHelper('make', path, name));
    const said = await Promise.all([...same, ...others].map((helper) => helper.said));
    expect(said.slice(0, 3).sort()).toEqual(['exists', 'exists', 'ok']);
    expect(said.slice(3)).toEqual(['ok', 'ok', 'ok']);
    const { keys, broken } = homeAt(path).keys.list();
    expect([keys.map(({ name }) => name), broken]).toEqual([['same', 'x', 'y', 'z'], []]);
    for (const { name } of keys) (await homeAt(path).keys.open(name)).close();
  });
});

describe('a lock', () => {
  it('lets one at a time in', async () => {
    const path = `${fresh()}.lock`;
    let [inside, most, runs] = [0, 0, 0];
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await Promise.resolve();
      inside -= 1;
      runs += 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(path, DEADLINE_MS, work)));
    expect([most, runs]).toEqual([1, 8]);
  });

  it('that is not to be had in time says so', async () => {
    const path = `${fresh()}.lock`;
    const held = tryLock(path, 0) as Lock;
    expect(await codeOf(() => withLock(path, 50, () => undefined))).toBe('busy');
    held.release();
    expect(await codeOf(() => withLock(path, 50, () => undefined))).toBe('none');
  });

  it('is let go when the work fails', async () => {
    const path = `${fresh()}.lock`;
    await expect(
      withLock(path, 50, () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await codeOf(() => withLock(path, 50, () => undefined))).toBe('none');
  });

  it('that cannot be made says what is needed', () => {
    expect(() => tryLock(join(fresh(), 'no', 'such.lock'), 0)).toThrow(/cannot be locked/);
  });
});
