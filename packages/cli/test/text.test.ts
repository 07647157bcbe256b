import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { painter } from '../src/io.ts';
import { bytes, change, credits, cut, indent, jsonLine, oneLine, safe, short, table } from '../src/text.ts';
import { fakeIo } from './fake-io.ts';

describe('safe text', () => {
  it.each([
    ['\x1b[31mred', '\\x1b[31mred'],
    ['bell\x07', 'bell\\x07'],
    ['\x9b2J', '\\x9b2J'],
    ['abc\u202Edef', 'abc\\u{202e}def'],
    ['zero\u200Bwidth', 'zero\\u{200b}width'],
    ['\uFEFFmark', '\\u{feff}mark'],
    ['line\u2028end', 'line\\u{2028}end'],
    ['tag\u{E0041}', 'tag\\u{e0041}'],
    ['half\uD800', 'half\\u{d800}'],
    ['Grüße, 世界 🎉', 'Grüße, 世界 🎉'],
  ])('spells out what could act on a terminal: %j', (text, expected) => {
    expect(safe(text)).toBe(expected);
  });

  it('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u.test(safe(text))),
    );
  });

  it('is JSON that reads back the same', () => {
    expect(jsonLine({ file: '\x1b\x9b2J\u202e\u{E0041}' })).toBe('{"file":"\\u001b\\u009b2J\\u202e\\udb40\\udc41"}');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = jsonLine([text]);
        return JSON.parse(line)[0] === text && safe(line) === line;
      }),
    );
  });

  it('fits on one line', () => {
    expect(oneLine('  a\n\tb\r\n c  ')).toBe('a b c');
  });

  it('is cut by characters, not by halves of them', () => {
    expect(cut('🎉🎉🎉', 3)).toBe('🎉…');
    expect(cut('世界', 4)).toBe('世界');
    expect(cut('世界中', 4)).toBe('世…');
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abc', 0)).toBe('');
  });
});

describe('amounts', () => {
  it.each([
    [0, '0'],
    [1, '0.000001'],
    [1_250_000, '1.25'],
    [-1_250_000, '-1.25'],
    [-1, '-0.000001'],
    [Number.MAX_SAFE_INTEGER, '9007199254.740991'],
  ])('%i micro-credits are %s credits', (micro, text) => {
    expect(credits(micro)).toBe(text);
  });

  it('show a sign when they came or went', () => {
    expect([change(5), change(0), change(-5)]).toEqual(['+0.000005', '0', '-0.000005']);
  });

  it('of bytes have a unit', () => {
    expect([bytes(0), bytes(1023), bytes(1024), bytes(5.5 * 1024 ** 2), bytes(300 * 1024)]).toEqual([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '5.5 MiB',
      '300 KiB',
    ]);
  });
});

describe('layout', () => {
  it('aligns columns, styles not counted', () => {
    expect(
      table(
        [
          ['a', '1'],
          ['\x1b[31mbbb\x1b[39m', '22'],
        ],
        new Set([1]),
      ),
    ).toBe('a     1\n\x1b[31mbbb\x1b[39m  22');
  });

  it('indents lines that are not empty', () => {
    expect(indent('a\n\nb')).toBe('  a\n\n  b');
  });

  it('shortens ids to their end', () => {
    expect(short('did:key:z6MkmxCguDHbLaWPGr1CAK7vyY8JqeCstu2MzmZBWQVBweAK')).toBe('…WQVBweAK');
    expect(short('mint')).toBe('mint');
  });
});

describe('colour', () => {
  const red = (io: ReturnType<typeof fakeIo>): string => painter(io, io.out)('red', 'x');

  it('is for terminals only', () => {
    expect(red(fakeIo())).toBe('x');
    expect(red(fakeIo({ tty: true }))).toBe('\x1b[31mx\x1b[39m');
    expect(red(fakeIo({ tty: true, env: { TERM: 'dumb' } }))).toBe('x');
  });

  it('is not shown with NO_COLOR', () => {
    expect(red(fakeIo({ tty: true, env: { NO_COLOR: '1' } }))).toBe('x');
    expect(red(fakeIo({ tty: true, env: { NO_COLOR: '' } }))).toBe('\x1b[31mx\x1b[39m');
  });
});
