import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createLogger, fileSink, type LogSink, Secret } from '../../src/home/index.ts';
import { agent, byMachine, fresh, homeAt, secret, WORDS } from './support.ts';

/** A sink that remembers lines, and keeps none while it is full. */
function memorySink(): LogSink & { readonly lines: string[]; full: boolean } {
  const lines: string[] = [];
  return {
    lines,
    full: false,
    write(line) {
      if (!this.full) lines.push(line);
      return !this.full;
    },
    close: () => undefined,
  };
}

const now = (): number => Date.UTC(2026, 10, 23);

describe('a line', () => {
  it('is one JSON object, or text for people', () => {
    const sink = memorySink();
    const json = createLogger({ level: 'info', format: 'json', sink, now }).child({ node: 'acme' });
    json.info('peer left', { peer: '12D3', after: 5n, cause: new RangeError('gone') });
    const text = createLogger({ level: 'info', format: 'text', sink, now });
    text.warn('peer left', { peer: '12D3', note: 'two words' });
    expect(JSON.parse(sink.lines[0] ?? '')).toEqual({
      time: '2026-11-23T00:00:00.000Z',
      level: 'info',
      message: 'peer left',
      node: 'acme',
      peer: '12D3',
      after: '5',
      cause: { name: 'RangeError', message: 'gone' },
    });
    expect(sink.lines[1]).toBe('2026-11-23T00:00:00.000Z warn  peer left peer=12D3 note="two words"\n');
  });

  it('is written only from its level on', () => {
    const sink = memorySink();
    const log = createLogger({ level: 'warn', format: 'text', sink, now });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level);
    expect(sink.lines.map((line) => line.split(/ +/)[1])).toEqual(['warn', 'error']);
  });

  it.each(['text', 'json'] as const)('as %s is one line, harmless and bounded whatever is logged', (format) => {
    const sink = memorySink();
    const log = createLogger({ level: 'debug', format, sink, now });
    const loop: Record<string, unknown> = {};
    loop['loop'] = loop;
    log.info('evil\nfake line\x1b[2J\u202e', {
      'a\nb': '\x1b]0;x',
      loop,
      big: 'x'.repeat(1e6),
      many: Array(1e4).fill('y'),
      time: 1,
    });
    log.error('x'.repeat(1e6), {
      none: undefined,
      nothing: null,
      nan: Number.NaN,
      call: () => 1,
      map: new Map([['k', 1n]]),
    });
    log.info('deep', { list: Array(32).fill(Array(32).fill('z'.repeat(4096))) });
    expect(sink.lines).toHaveLength(3);
    for (const line of sink.lines) {
      expect(line.length).toBeLessThan(20_000);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line).not.toContain('\x1b');
      if (format === 'json') expect(JSON.parse(line)).toHaveProperty('level');
    }
  });

  it('that was lost is counted', () => {
    const sink = memorySink();
    const log = createLogger({ level: 'info', format: 'text', sink, now });
    sink.full = true;
    for (let line = 0; line < 5; line += 1) log.info('lost');
    sink.full = false;
    log.info('kept');
    expect(sink.lines.map((line) => line.slice(25))).toEqual(['warn  log lines were lost lines=5\n', 'info  kept\n']);
  });
});

describe('a secret', () => {
  it('is never printed, however it is printed', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, index) => index + 100);
    const secrets = [secret(WORDS), new Secret(bytes)];
    const shown = secrets.flatMap((one) => [
      String(one),
      `${one}`,
      JSON.stringify({ one }),
      inspect(one, { showHidden: true, depth: 9 }),
    ]);
    for (const text of shown) expect(text).toContain('[secret]');
    expectClean(shown.join('\n'), bytes);
  });

  it.each(['text', 'json'] as const)('is never logged as %s, nor a key of the store', async (format) => {
    const sink = memorySink();
    const log = createLogger({ level: 'debug', format, sink, now });
    const path = fresh();
    await homeAt(path).keys.create({ ...agent('a'), ...byMachine });
    const key = await homeAt(path).keys.open('a');
    const seed = key.secret.reveal();
    const machine = readFileSync(join(path, 'machine.passphrase'), 'utf8').trim();
    log.debug('all', {
      key,
      seed,
      secret: seed,
      list: [seed, new Secret(WORDS)],
      deep: { passphrase: WORDS, privateKey: [...seed] },
    });
    log
      .child({ key, CANSWARM_PASSPHRASE: WORDS })
      .error('more', { error: new Error('x', { cause: key }), bytes: Buffer.from(seed) });
    log.info('the home', {
      home: homeAt(path, { env: { CANSWARM_PASSPHRASE: WORDS } }),
      listed: homeAt(path).keys.list(),
    });
    log.info('one', { value: new Secret(seed) });
    key.close();
    expect(sink.lines).toHaveLength(4);
    expect(sink.lines[3]).toContain('[secret]');
    const all = sink.lines.join('');
    expectClean(all, seed);
    expect(all).not.toContain(machine);
    for (const file of readdirSync(join(path, 'keys')).filter((name) => name.endsWith('.json')))
      expectClean(readFileSync(join(path, 'keys', file), 'utf8'), seed);
  });
});

/** Neither the words nor the bytes in any usual spelling. */
function expectClean(text: string, bytes: Uint8Array): void {
  const buffer = Buffer.from(bytes);
  const list = [...bytes].slice(0, 8);
  const spelled = [
    WORDS,
    buffer.toString('hex'),
    buffer.toString('base64'),
    buffer.toString('base64url'),
    list.join(','),
    list.join(', '),
  ];
  for (const one of spelled) expect(text).not.toContain(one);
}

describe('a log file', () => {
  const line = `${'x'.repeat(99)}\n`;

  it('is put away when it is full, and never grows beyond its bound', () => {
    const path = join(fresh(), 'logs', 'node.log');
    const sink = fileSink({ path, bytesMax: 1_000, filesMax: 2 });
    for (let count = 0; count < 95; count += 1) expect(sink.write(`${String(count).padStart(99)}\n`)).toBe(true);
    sink.close();
    const read = (name: string): number[] => readFileSync(name, 'utf8').trimEnd().split('\n').map(Number);
    const kept = [...read(`${path}.2`), ...read(`${path}.1`), ...read(path)];
    expect(kept).toEqual(Array.from({ length: 25 }, (_, index) => 70 + index));
    expect(existsSync(`${path}.3`)).toBe(false);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes on where it was, after ending a line that was torn', () => {
    const path = join(fresh(), 'node.log');
    const first = fileSink({ path });
    first.write(line);
    first.close();
    appendFileSync(path, 'torn');
    const second = fileSink({ path });
    second.write(line);
    second.close();
    expect(readFileSync(path, 'utf8')).toBe(`${line}torn\n${line}`);
  });

  it('that cannot be written loses lines and nothing else', () => {
    const folder = fresh();
    mkdirSync(join(folder, 'node.log'), { recursive: true });
    const path = join(folder, 'node.log');
    const sink = fileSink({ path });
    expect(sink.write(line)).toBe(false);
    renameSync(path, join(folder, 'away'));
    expect(sink.write(line)).toBe(true);
    sink.close();
  });

  it.runIf(existsSync('/dev/full'))('on a full disk loses lines and nothing else', () => {
    const sink = fileSink({ path: '/dev/full' });
    expect([sink.write(line), sink.write(line)]).toEqual([false, false]);
    sink.close();
  });
});
