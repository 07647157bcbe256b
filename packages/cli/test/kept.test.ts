import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLinearizable, planOf, readHistory, simulate } from '@canswarm/simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keep } from '../src/sim-wanted.ts';
import { fakeIo } from './fake-io.ts';

const LONG_MS = 240_000;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'canswarm-kept-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(
  'a run whose calls no order explains is kept with a picture of them',
  async () => {
    const wanted = { seed: 1, mode: 'perf', nodes: 1, needs: 1, faults: [] } as const;
    const run = await simulate(planOf(wanted));
    const said = (value: object): string => JSON.stringify({ process: 'p', ...value });
    const lines = [
      '{"format":"canswarm/history/1"}',
      said({ call: { on: 'balance', key: 'balance/free/ada', by: 'e', change: 5 } }),
      said({ answer: { before: 1, after: 6 } }),
    ];
    const balance = checkLinearizable(readHistory(lines.join('\n')), { configurations: 100, isOver: () => false });
    const faults = [{ property: 'P23', detail: 'no order explains it', atMs: 1 }] as const;
    const io = fakeIo();
    await keep(io, folder, wanted, { ...run, faults, linearizable: { ...run.linearizable, balance } });
    expect(readFileSync(join(folder, 'p23-1.svg'), 'utf8')).toContain('balance/free/ada: no order explains it');
    expect(JSON.parse(readFileSync(join(folder, 'p23-1.json'), 'utf8'))).toMatchObject({ property: 'P23' });
    expect(io.err.text).toContain('drawn in');

    // One that broke something else has no picture.
    const other = [{ property: 'P15', detail: 'stuck', atMs: 1 }] as const;
    await keep(io, folder, wanted, { ...run, faults: other, linearizable: { ...run.linearizable, balance } });
    expect(() => readFileSync(join(folder, 'p15-1.svg'))).toThrow('ENOENT');
  },
  LONG_MS,
);
