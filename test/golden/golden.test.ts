import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const LONG_MS = 300_000;
const ROOT = join(import.meta.dirname, '../..');

/** A Node of another major, which `.ci/run` installs: `npm ci --prefix test/second-node` does so by hand. */
const SECOND = join(ROOT, `test/second-node/node_modules/node-${process.platform}-${process.arch}/bin/node`);

const suites = [
  { subject: 'traces of seeds', main: 'packages/simulator/test/golden/main.ts' },
  { subject: 'decisions of the base policy', main: 'policies/test/golden/main.ts' },
];

const places = [
  { place: 'far in the east, in Turkish', node: process.execPath, TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' },
  {
    place: 'at a time that is no whole hour off, in Arabic',
    node: process.execPath,
    TZ: 'Asia/Kathmandu',
    LC_ALL: 'ar_EG.UTF-8',
  },
  ...(process.env['CI'] === 'true' || existsSync(SECOND)
    ? [
        {
          place: 'under another major of Node, in Lithuanian',
          node: SECOND,
          TZ: 'America/St_Johns',
          LC_ALL: 'lt_LT.UTF-8',
        },
      ]
    : []),
];

const cases = suites.flatMap((suite) => places.map((place) => ({ ...suite, ...place })));

it.each(cases)(
  '$subject are those that are known $place',
  ({ main, node, TZ, LC_ALL }) => {
    expect(existsSync(node), '`npm ci --prefix test/second-node` installs it').toBe(true);
    const ran = spawnSync(node, ['--no-warnings', join(ROOT, main)], {
      encoding: 'utf8',
      timeout: LONG_MS,
      env: { ...process.env, TZ, LANG: LC_ALL, LC_ALL },
    });
    const { metrics } = JSON.parse(ran.stdout || '{}') as { metrics?: { 'golden.nodeMajor': number } };
    expect([ran.stderr.split('\n').filter((line) => line.startsWith('OTHER')), ran.status]).toEqual([[], 0]);
    const own = Number(process.versions.node.split('.')[0]);
    expect(metrics?.['golden.nodeMajor'] === own).toBe(node === process.execPath);
  },
  LONG_MS,
);
