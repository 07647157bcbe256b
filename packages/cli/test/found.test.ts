import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, main } from '../src/index.ts';
import { fakeIo, lastJson } from './fake-io.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'canswarm-linearize-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function linearize(lines: readonly string[], ...flags: readonly string[]) {
  const path = join(folder, 'history.log');
  writeFileSync(path, lines.join('\n'));
  const io = fakeIo();
  const exit = await main(['linearize', path, ...flags], io);
  return { exit, io, out: io.out.text, err: io.err.text };
}

const WRITE = ['INFO  jepsen.util - 0 :invoke :write 3', 'INFO  jepsen.util - 0 :ok :write 3'];
const readOf = (value: number): string[] => [
  'INFO  jepsen.util - 1 :invoke :read nil',
  `INFO  jepsen.util - 1 :ok :read ${value}`,
];

describe('linearize', () => {
  it('says that an order explains what clients saw', async () => {
    const { exit, io } = await linearize([...WRITE, ...readOf(3)], '--json');
    expect(exit).toBe(EXIT.ok);
    expect(lastJson(io)).toMatchObject({ linearizable: true, operations: 2, bad: null });
  });

  it('shows where none does any more, and draws it', async () => {
    const svg = join(folder, 'bad.svg');
    const { exit, out } = await linearize([...WRITE, ...readOf(4), ...readOf(3)], '--svg', svg);
    expect(exit).toBe(EXIT.untrue);
    expect(out).toMatch(/not linearizable[\s\S]+ends at line 4: process 1, read -> 4[\s\S]+write 3/);
    expect(readFileSync(svg, 'utf8')).toContain('read -&gt; 4');
  });

  it('shows in its help lines that it reads, one of each format', async () => {
    const io = fakeIo();
    expect(await main(['linearize', '--help'], io)).toBe(EXIT.ok);
    const samples = [...io.out.text.matchAll(/^ {2}(jepsen|key-value|network) +(.+)$/gm)];
    expect(samples.map(([, format]) => format)).toEqual(['jepsen', 'key-value', 'network']);
    for (const [, format = '', line = ''] of samples)
      expect((await linearize([line], '--format', format, '--json')).exit).toBe(EXIT.ok);
  });

  it('names the line of a file that is no history', async () => {
    const { exit, err } = await linearize([...WRITE, 'and then?']);
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('line 3');
    const io = fakeIo();
    expect(await main(['linearize', join(folder, 'nowhere.log')], io)).toBe(EXIT.usage);
    expect(io.err.text).toContain('nowhere.log');
    const lost = await linearize(WRITE, '--svg', join(folder, 'no', 'such.svg'));
    expect([lost.exit, lost.out]).toEqual([EXIT.usage, '']);
    expect(lost.err).toContain('cannot be written');
  });
});

describe('sim', () => {
  it('writes what it found, and says first where it cannot', async () => {
    const out = join(folder, 'run.json');
    const asked = ['sim', '--mode', 'perf', '--needs', '1', '--nodes', '3'];
    const io = fakeIo();
    expect(await main([...asked, '--out', out, '--json'], io)).toBe(EXIT.ok);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(lastJson(io));
    const lost = fakeIo();
    expect(await main([...asked, '--out', join(folder, 'no', 'such.json')], lost)).toBe(EXIT.usage);
    expect(lost.err.text).toContain('cannot be written');
  });

  it('says how to run it again, with all that was asked', async () => {
    const io = fakeIo();
    const asked = [
      '--seed',
      '5',
      '--mode',
      'swarm',
      '--nodes',
      '2',
      '--needs',
      '1',
      '--ticks',
      '9',
      '--faults',
      'log,disks',
    ];
    expect(await main(['sim', ...asked], io)).toBe(EXIT.ok);
    expect(io.out.text).toMatch(
      /^P7 +absent$[\s\S]*^absent, .*: P7, no checkpoints are taken; P8, there is one shard$/m,
    );
    expect(io.out.text.trim().split('\n').at(-1)).toBe(`Again: canswarm sim ${asked.join(' ')}`);
  });

  it.each([
    [['--seed', '5', '--minutes', '2'], '--minutes stands without --hunt'],
    [['--hunt', '--seed', '5'], 'cannot be used with'],
    [['--faults', 'rain'], 'Some of network,log'],
    [['--ticks', '0'], 'A whole number from 1'],
  ])('refuses what makes no sense: %s', async (asked, said) => {
    const io = fakeIo();
    expect(await main(['sim', ...asked], io)).toBe(EXIT.usage);
    expect(io.err.text).toContain(said);
  });
});
