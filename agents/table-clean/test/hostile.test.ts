import type { Content } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { describe, expect, it } from 'vitest';
import { check } from '../src/index.ts';
import { deskFor, tableInput } from './planted/desk.ts';

/** Works on an input and has the result judged, which must pass. */
async function clean(input: Content): Promise<Content> {
  const desk = await deskFor(input);
  const result = await desk.work();
  expect(await desk.judge(result)).toEqual({ verdict: 'pass', reasons: [] });
  return result;
}

const summaryOf = async (table: Uint8Array | string): Promise<JsonValue> => (await clean(tableInput(table))).value;
const tableOf = async (table: string): Promise<string> =>
  new TextDecoder().decode((await clean(tableInput(table))).files.get('cleaned.csv'));

describe('files that are no tables', () => {
  it.each([
    ['empty', '', 'empty', null],
    ['a byte order mark alone', '\ufeff', 'empty', null],
    ['invalid UTF-8', Uint8Array.of(97, 44, 0xff), 'not_utf8', null],
    ['UTF-16', Buffer.from('\ufeffa,b', 'utf16le'), 'not_utf8', null],
    ['an executable', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1), 'binary', null],
    ['a NUL in a cell', 'a\n\u0000', 'binary', null],
    ['a quotation mark too many', 'a,b\n1,"2\n3,4', 'quotes', 2],
    ['text after a closing quotation mark', 'a,b\n1,2\n"1"x,2', 'quotes', 3],
    ['100 000 columns', 'a,'.repeat(100_000), 'too_many_columns', null],
    ['more rows than may be', '\r'.repeat(1_048_577), 'too_many_rows', null],
    ['more cells than may be', ',,,\n'.repeat(600_000), 'too_many_cells', null],
    ['more bytes than may be', 'x'.repeat(33_554_433), 'too_large', null],
    ['a cell longer than may be', `a\n${' '.repeat(1_048_577)}`, 'too_long_field', 2],
  ])('%s: the result says why', async (_, table, code, row) => {
    const result = await clean(tableInput(table));
    expect(result.value).toEqual({ status: 'unusable', file: 'table.csv', reason: { code, row } });
    expect([...result.files.keys()]).toEqual([]);
  });

  it('short records under a wide header that would have too many cells are said so', async () => {
    const header = `${'a,'.repeat(4_095)}a\n`;
    expect(await summaryOf(header + 'x\n'.repeat(512))).toMatchObject({ status: 'cleaned' });
    expect(await summaryOf(header + 'x\n'.repeat(513))).toMatchObject({
      reason: { code: 'too_many_cells', row: null },
    });
    expect(await summaryOf(header + 'x\n'.repeat(200_000))).toMatchObject({ reason: { code: 'too_many_cells' } });
  });

  it('a log that would be too long is said so', async () => {
    const rows = Array.from({ length: 100 }, (_, row) => `"${'\u0001'.repeat(100_000)} ${row} "\n`);
    expect(await summaryOf(`a\n${rows.join('')}`)).toMatchObject({ reason: { code: 'result_too_large' } });
  });
});

describe('tables that are odd', () => {
  it.each([
    ['a header alone', 'a,b', 'a,b\n'],
    ['one line end', '\n', 'column_1\n'],
    ['CR alone', 'a,b\r1,2\r', 'a,b\n1,2\n'],
    ['CR LF, LF and CR', 'a,b\r\n1,2\n3,4\r5,6', 'a,b\n1,2\n3,4\n5,6\n'],
    [
      'names of prototypes',
      '__proto__,constructor,__proto__\ntoString,1,2',
      '__proto__,constructor,__proto___2\ntoString,1,2\n',
    ],
    ['a formula', "a,b\n=cmd|' /C calc'!A0,1", "a,b\n=cmd|' /C calc'!A0,1\n"],
    ['quotation marks within', 'a\n5" pipe', 'a\n"5"" pipe"\n'],
    [
      'JSON nested deep',
      `a\n"${'[""x"",'.repeat(500)}${']'.repeat(500)}"`,
      `a\n"${'[""x"",'.repeat(500)}${']'.repeat(500)}"\n`,
    ],
    ['lone emoji parts and combining marks', 'a\n👩‍👩‍👧 \u0301x', 'a\n👩‍👩‍👧 \u0301x\n'],
    ['an empty column', 'a\n""\nx', 'a\nx\n'],
  ])('%s', async (_, table, cleaned) => {
    expect(await tableOf(table)).toBe(cleaned);
  });

  it.each([
    ['a million short rows', `a,b\n${Array.from({ length: 1_000_000 }, (_, row) => `${row},x`).join('\n')}`, 1_000_000],
    ['equal rows', `a,b\n${'1,2\n'.repeat(200_000)}`, 1],
    ['a million empty lines', `a,b\n${'\n'.repeat(1_000_000)}`, 0],
    ['rows longer than the header', `a,b\n${'1,2,3\n'.repeat(100_000)}`, 0],
    ['as many columns as may be', `${'a,'.repeat(4_095)}\n${`${'1;2,'.repeat(4_095)}\n`.repeat(40)}`, 1],
    [
      'long cells of blanks and words',
      `a,b\n${`"${'x \t'.repeat(340_000)}",${' '.repeat(1_000_000)}\n`.repeat(10)}`,
      1,
    ],
    ['long cells of digits', `a,b\n${`${'1'.repeat(1_000_000)},"${'1,'.repeat(10_000)}"\n`.repeat(10)}`, 1],
  ])('%s', async (_, table, rowsOut) => {
    expect(await summaryOf(table)).toMatchObject({ status: 'cleaned', rowsOut });
  });
});

describe('inputs that are none', () => {
  const refused = async (value: JsonValue, names: readonly string[], why: RegExp): Promise<void> => {
    const desk = await deskFor({ value, files: new Map(names.map((name) => [name, Buffer.from('a\n')])) });
    await expect(desk.work()).rejects.toThrow(why);
  };

  it('are refused, and it is said why', async () => {
    await refused({}, [], /0 files/);
    await refused({}, ['a.csv', 'b.csv'], /2 files/);
    await refused({ file: 'c.csv' }, ['a.csv'], /no file "c.csv"/);
    await refused({ rules: ['guess'] }, ['a.csv'], /schema/);
    await refused({ what: 1 }, ['a.csv'], /schema/);
  });

  it('have no right result', async () => {
    for (const value of [
      {},
      { file: 'c.csv' },
      { rules: ['guess'] },
      { delimiter: 'x' },
      { decimalMark: 'x' },
      7,
      [],
      null,
    ]) {
      const bundle = { value, files: filesOf(['a', 'b']), citations: [] };
      const reasons = await check.check({ input: bundle, output: bundle, signal: new AbortController().signal });
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatch(/^nobody can work on this input/);
    }
  });
});

const filesOf = (names: readonly string[]) => ({
  names: () => names,
  size: () => 2,
  cid: () => undefined,
  bytes: () => Promise.resolve(Buffer.from('a\n')),
  text: () => Promise.resolve('a\n'),
});
