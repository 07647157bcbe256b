import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const LONG_MS = 300_000;

it.each([
  ['far in the east, in Turkish', { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }],
  [
    'at a time that is no whole hour off, in Arabic',
    { TZ: 'Asia/Kathmandu', LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' },
  ],
])(
  'seeds go the way that is known %s',
  (_, env) => {
    const main = join(import.meta.dirname, 'main.ts');
    const ran = spawnSync(process.execPath, ['--no-warnings', main], {
      encoding: 'utf8',
      timeout: LONG_MS,
      env: { ...process.env, ...env },
    });
    expect([ran.stderr.split('\n').filter((line) => line.startsWith('OTHER')), ran.status]).toEqual([[], 0]);
  },
  LONG_MS,
);
