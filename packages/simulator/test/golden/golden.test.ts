import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const LONG_MS = 300_000;

/** A Node of another major, which `.ci/run` installs: `npm ci --prefix test/second-node` does so by hand. */
const SECOND = join(
  import.meta.dirname,
  `../../../../test/second-node/node_modules/node-${process.platform}-${process.arch}/bin/node`,
);

interface Place {
  readonly node: string;
  readonly TZ: string;
  readonly LC_ALL: string;
}

const east: Place = { node: process.execPath, TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' };
const between: Place = { node: process.execPath, TZ: 'Asia/Kathmandu', LC_ALL: 'ar_EG.UTF-8' };
const elsewhere: Place = { node: SECOND, TZ: 'America/St_Johns', LC_ALL: 'lt_LT.UTF-8' };

const places: readonly (readonly [string, Place])[] = [
  ['far in the east, in Turkish', east],
  ['at a time that is no whole hour off, in Arabic', between],
  ...(process.env['CI'] === 'true' || existsSync(SECOND)
    ? [['under another major of Node, in Lithuanian', elsewhere] as const]
    : []),
];

it.each(places)(
  'seeds go the way that is known %s',
  (_, { node, TZ, LC_ALL }) => {
    expect(existsSync(node), '`npm ci --prefix test/second-node` installs it').toBe(true);
    const main = join(import.meta.dirname, 'main.ts');
    const ran = spawnSync(node, ['--no-warnings', main], {
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
