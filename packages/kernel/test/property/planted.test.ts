import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GUARDS } from './checks/guards.ts';
import { PROPERTIES } from './checks/properties.ts';
import { PLANTED } from './planted/list.ts';
import { edited } from './planted/source.ts';

const LONG_MS = 900_000;

const sourceOf = (file: string): string => readFileSync(join(import.meta.dirname, '../../src', file), 'utf8');

describe('each property', () => {
  it('has a planted bug', () => {
    const planted = new Set(PLANTED.map(({ property }) => property));
    expect(PROPERTIES.map(({ id }) => id).filter((id) => !planted.has(id))).toEqual([]);
  });

  it('or something smaller that codes guard is what each bug is about', () => {
    const known = new Set([...PROPERTIES.map(({ id }) => id), ...Object.values(GUARDS)]);
    expect(PLANTED.filter(({ property }) => !known.has(property))).toEqual([]);
  });

  it('has a name of its own, as each bug has', () => {
    expect(new Set(PROPERTIES.map(({ id }) => id)).size).toBe(PROPERTIES.length);
    expect(new Set(PLANTED.map(({ id }) => id)).size).toBe(PLANTED.length);
  });

  it(
    'finds the first bug planted for it',
    () => {
      const firsts = PLANTED.filter(({ property }, at) => PLANTED.findIndex((one) => one.property === property) === at);
      // A law with a bug is loaded by plain Node, from memory.
      const command = [join(import.meta.dirname, 'main.ts'), '--planted', '--json', ...firsts.map(({ id }) => id)];
      const ran = spawnSync(process.execPath, command, { encoding: 'utf8', timeout: LONG_MS });
      expect(ran.stderr.split('\n').filter((line) => line.startsWith('MISSED'))).toEqual([]);
      const { metrics, failed } = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '{}');
      expect([metrics['planted.found'], failed, ran.status]).toEqual([firsts.length, 0, 0]);
    },
    LONG_MS,
  );
});

describe('a planted bug', () => {
  it('has its passages in the law as it is', () => {
    for (const planted of PLANTED)
      for (const { file } of planted.edits) expect(edited(planted, file, sourceOf(file))).not.toBe(sourceOf(file));
  });

  const planted = { id: 'x', property: 'P1', edits: [{ file: 'a.ts', find: 'one', put: '$&two' }] };

  it('stands where its passage stood, and nowhere else', () => {
    expect(edited(planted, 'a.ts', 'is one')).toBe('is $&two');
    expect(edited(planted, 'b.ts', 'is one')).toBe('is one');
  });

  it('is out of date when the passage is not there, or twice', () => {
    expect(() => edited(planted, 'a.ts', 'nothing')).toThrow('says 0 times');
    expect(() => edited(planted, 'a.ts', 'one one')).toThrow('says 2 times');
  });
});
