import type { JsonValue } from '@canswarm/ports';
import { describe, expect, it } from 'vitest';
import { check } from '../src/index.ts';
import { deskFor, tablesInput } from './planted/desk.ts';

/** Reconciles tables by their column `id` and has the result judged, which must pass. */
async function found(
  left: Uint8Array | string,
  right: Uint8Array | string,
  asked: Readonly<Record<string, JsonValue>> = {},
): Promise<JsonValue> {
  const desk = await deskFor(tablesInput(left, right, { keys: ['id'], ...asked }));
  const result = await desk.work();
  expect(await desk.judge(result)).toEqual({ verdict: 'pass', reasons: [] });
  if (Object(result.value).status === 'unusable') expect(result.files.size).toBe(0);
  return result.value;
}

describe('files that are no tables', () => {
  it.each([
    ['empty', '', 'empty', null],
    ['invalid UTF-8', Uint8Array.of(97, 44, 0xff), 'not_utf8', null],
    ['UTF-16', Buffer.from('\ufeffid,b', 'utf16le'), 'not_utf8', null],
    ['a NUL in a cell', 'id\n\u0000', 'binary', null],
    ['a quotation mark too many', 'id,b\n1,"2\n3,4', 'quotes', 2],
    ['100 000 columns', `id${',a'.repeat(100_000)}`, 'too_many_columns', null],
    ['more cells than may be', `id\n${',,,\n'.repeat(300_000)}`, 'too_many_cells', null],
    ['a million short rows', `id\n${'1\n'.repeat(1_000_000)}`, 'too_many_cells', null],
    ['more bytes than may be', `id\n${'x'.repeat(16_777_216)}`, 'too_large', null],
  ])('%s: the result says why', async (_, table, code, row) => {
    expect(await found('id\n1\n', table)).toEqual({
      status: 'unusable',
      reasons: [{ side: 'right', code, row, column: null }],
    });
    expect(await found(table, table)).toMatchObject({
      reasons: [
        { side: 'left', code },
        { side: 'right', code },
      ],
    });
  });

  it('differences that would be too long are said so', async () => {
    const header = `id${Array.from({ length: 4_000 }, (_, at) => `,c${at}`).join('')}\n`;
    const row = (cell: string): string => `${'k'.repeat(1_000_000)}${`,${cell}`.repeat(4_000)}\n`;
    expect(await found(header + row('a'), header + row('b'))).toEqual({
      status: 'unusable',
      reasons: [{ side: 'result', code: 'result_too_large', row: null, column: null }],
    });
  });
});

describe('columns that are asked for again and again', () => {
  it('do not repeat a long cell in memory', async () => {
    // 256 times the second cell, each character written as six, would be longer than a string can be.
    const table = `id,v\n1,a\n1,${'\u0001'.repeat(500_000)}\n`;
    const asked = { compare: Array.from({ length: 256 }, () => 'v'), ignoreCase: true };
    expect(await found(table, table, asked)).toMatchObject({ matched: 2, equal: 2 });
  });
});

describe('tables that are odd', () => {
  it('are reconciled all the same', async () => {
    expect(await found('\ufeffid\r1\r', 'id\r\n1')).toMatchObject({ equal: 1 });
    expect(await found('id', 'id\n')).toMatchObject({ matched: 0, rows: { left: 0, right: 0 } });
    expect(
      await found('id,__proto__\n__proto__,1\nconstructor,2', 'id,__proto__\nconstructor,3\n__proto__,1'),
    ).toMatchObject({
      equal: 1,
      different: 1,
    });
    expect(await found('id,x\n"""a,",1', 'id,x\n"""a,",1')).toMatchObject({ equal: 1 });
    expect(await found(`id\n"${'['.repeat(10_000)}"`, `id\n"${'['.repeat(10_000)}"`)).toMatchObject({ equal: 1 });
    expect(await found('id\n""\n', 'id\n\n')).toMatchObject({ equal: 1, blank: { left: 0, right: 0 } });
    expect(await found('id,id\n1,2', 'id\n1')).toMatchObject({ reasons: [{ code: 'ambiguous_column', side: 'left' }] });
  });

  const rows = (count: number, make: (row: number) => string): string =>
    `id,v\n${Array.from({ length: count }, (_, row) => make(row)).join('\n')}`;
  const numbers = { compare: [{ left: 'v', tolerance: '0' }] };

  it('half a million short rows', async () => {
    const ids = (from: number): string => `id\n${Array.from({ length: 500_000 }, (_, row) => row + from).join('\n')}`;
    expect(await found(ids(0), ids(1))).toMatchObject({ equal: 499_999, onlyLeft: 1, onlyRight: 1 });
  });

  it('all rows of one key', async () => {
    const [left, right] = [rows(200_000, (row) => `k,${row}`), rows(200_000, (row) => `k,${200_100 - row}`)];
    expect(await found(left, right, numbers)).toMatchObject({ matched: 200_000, equal: 199_899, different: 101 });
  });

  it('numbers of many digits', async () => {
    const [left, right] = ['9', '8'].map((digit) => rows(10_000, (row) => `${row},${digit.repeat(1_000)}`));
    expect(await found(left ?? '', right ?? '', numbers)).toMatchObject({ different: 10_000 });
    expect(await found(`id,v\n1,${'9'.repeat(1_000_000)}`, 'id,v\n1,1', numbers)).toMatchObject({ different: 1 });
  });
});

describe('inputs that are none', () => {
  it('are refused, and it is said why', async () => {
    const refused = async (asked: Readonly<Record<string, JsonValue>>, why: RegExp): Promise<void> => {
      const desk = await deskFor(tablesInput('id\n', 'id\n', { keys: ['id'], ...asked }));
      await expect(desk.work()).rejects.toThrow(why);
    };
    await refused({ left: 'other.csv' }, /no file "other.csv", its left table/);
    await refused({ keys: [] }, /schema/);
    await refused({ compare: [{ left: 'id', tolerance: '-1' }] }, /schema/);
    await refused({ compare: [{ left: 'id', tolerance: '1e3' }] }, /schema/);
    await refused({ what: 1 }, /schema/);
  });

  it('have no right result', async () => {
    const files = {
      names: () => ['a.csv', 'b.csv'],
      size: () => 3,
      cid: () => undefined,
      bytes: () => Promise.resolve(Buffer.from('id\n')),
      text: () => Promise.resolve('id\n'),
    };
    const sound = { left: 'a.csv', right: 'b.csv', keys: ['id'] };
    for (const value of [
      null,
      7,
      [],
      {},
      { ...sound, left: 'c.csv' },
      { ...sound, keys: [] },
      { ...sound, keys: [7] },
      { ...sound, keys: [{ left: 'id' }] },
      { ...sound, compare: 'id' },
      { ...sound, compare: [{ left: 'id', tolerance: '-1' }] },
      { ...sound, leftDelimiter: 'x' },
    ]) {
      const bundle = { value, files, citations: [] };
      const reasons = await check.check({ input: bundle, output: bundle, signal: new AbortController().signal });
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatch(/^nobody can work on this input/);
    }
  });
});
