import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planOf, simulate } from '../../src/index.ts';
import { PLANTED, plantedBy, sourcesOf } from './list.ts';

const LONG_MS = 900_000;
/** Each takes seconds: `npm run -s sim:planted` looks for all of them. */
const SLICE = PLANTED.filter((_, at) => at % 3 === 0).map(({ id }) => id);

describe('each property that a run watches', () => {
  it('has a planted bug, and each bug a property', async () => {
    const { properties } = await simulate(planOf({ seed: 1, mode: 'perf', nodes: 1, needs: 1 }));
    const watched = Object.keys(properties).filter((id) => properties[id as keyof typeof properties] === 'held');
    expect([...new Set(PLANTED.map(({ property }) => property as string))]).toEqual(watched);
  });

  it('is broken by passages that stand where they are replaced', async () => {
    for (const { id } of PLANTED) expect(sourcesOf(await plantedBy(id)).size, id).toBeGreaterThan(0);
    await expect(plantedBy('nothing')).rejects.toThrow('no planted bug nothing');
    const lost = {
      id: 'x',
      property: 'P1',
      edits: [{ file: 'kernel/src/apply.ts', find: 'no such words', put: '' }],
    } as const;
    expect(() => sourcesOf(lost)).toThrow('says 0 times');
  });

  it(
    'is found broken by its own checker, of a slice of them',
    () => {
      const ran = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), '--json', ...SLICE], {
        encoding: 'utf8',
        timeout: LONG_MS,
      });
      expect(ran.stderr.split('\n').filter((line) => line.startsWith('MISSED'))).toEqual([]);
      expect(JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '{}')).toMatchObject({
        passed: SLICE.length,
        failed: 0,
      });
    },
    LONG_MS,
  );
});
