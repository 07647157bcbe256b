import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DELIMITERS,
  FIELD_LENGTH_MAX,
  formatRow,
  type ReadOptions,
  readTable,
  renderRow,
  scanTable,
  TABLE_COLUMNS_MAX,
  TABLE_LINES_MAX,
  type TableResult,
} from '../src/index.ts';

const GUESS: ReadOptions = { delimiter: null };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What both readers give, which must be the same. */
function read(content: string | Uint8Array, options: ReadOptions = GUESS): TableResult {
  const bytes = typeof content === 'string' ? bytesOf(content) : content;
  const result = readTable(bytes, options);
  expect(scanTable(bytes, options)).toEqual(result);
  return result;
}

function rowsOf(content: string, options: ReadOptions = GUESS): readonly (readonly string[])[] {
  const result = read(content, options);
  if (!result.ok) throw new Error(result.fault.code);
  return result.table.rows;
}

function faultOf(content: string | Uint8Array, options: ReadOptions = GUESS): unknown {
  const result = read(content, options);
  return result.ok ? null : result.fault;
}

describe('both readers', () => {
  it('take records that end at CR LF, LF, CR or the end of the file', () => {
    expect(rowsOf('a,b\r\n1,2\n3,4\r5,6')).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
    expect(rowsOf('a\n\n')).toEqual([['a'], ['']]);
    expect(rowsOf('\n')).toEqual([['']]);
    expect(rowsOf('\r\n')).toEqual([['']]);
    expect(rowsOf('a\n\r')).toEqual([['a'], ['']]);
    expect(rowsOf('a\r\n""')).toEqual([['a'], ['']]);
    expect(rowsOf('a,')).toEqual([['a', '']]);
  });

  it('take quoted fields, and quotation marks inside of others as characters', () => {
    expect(rowsOf('"a,""b""\r\n",c\nTV 40",x""y\n"",""""')).toEqual([
      ['a,"b"\r\n', 'c'],
      ['TV 40"', 'x""y'],
      ['', '"'],
    ]);
  });

  it('guess the delimiter by the first record', () => {
    expect(read('a;b,c;d\n1;2;3').ok && read('a;b,c;d\n1;2;3')).toMatchObject({ table: { delimiter: ';' } });
    expect(read('"a;b;c",d\n')).toMatchObject({ table: { delimiter: ',' } });
    expect(read('a\tb')).toMatchObject({ table: { delimiter: '\t' } });
    expect(read('a|b|c;d')).toMatchObject({ table: { delimiter: '|' } });
    expect(read('a|b;c')).toMatchObject({ table: { delimiter: ';' } });
    expect(read('a')).toMatchObject({ table: { delimiter: ',' } });
    expect(rowsOf('a;b,c', { delimiter: ',' })).toEqual([['a;b', 'c']]);
  });

  it('pass over one byte order mark', () => {
    expect(rowsOf('\ufeffa,b')).toEqual([['a', 'b']]);
    expect(rowsOf('\ufeff\ufeffa')).toEqual([['\ufeffa']]);
    expect(rowsOf('\ufeff"a,b"')).toEqual([['a,b']]);
    expect(faultOf('\ufeff')).toEqual({ code: 'empty', row: null });
  });

  it.each([
    ['not_utf8', Uint8Array.of(0x61, 0xff), null],
    ['not_utf8', Uint8Array.of(0xed, 0xa0, 0x80), null],
    ['not_utf8', Uint8Array.of(0xc3), null],
    ['binary', 'a,\u0000b', null],
    ['empty', '', null],
    ['quotes', 'a,b\n1,"2', 2],
    ['quotes', 'a,b\n\n1,"2"3\n', 3],
    ['quotes', '"a" ,b', 1],
    ['quotes', '"', 1],
    ['quotes', '"""', 1],
    ['too_long_field', `a\n\n${'x'.repeat(FIELD_LENGTH_MAX + 1)}`, 3],
    ['quotes', `${'x'.repeat(FIELD_LENGTH_MAX + 1)}\n"`, 2],
    ['too_many_rows', `a${'\r\n'.repeat(TABLE_LINES_MAX + 1)}`, null],
    ['too_many_columns', ','.repeat(TABLE_COLUMNS_MAX), null],
  ] as const)('refuse with %s', (code, content, row) => {
    expect(faultOf(content)).toEqual({ code, row });
  });

  it('take the replacement character for what it is', () => {
    expect(rowsOf('\ufffd,a')).toEqual([['\ufffd', 'a']]);
  });

  it('keep to limits, the file of exactly that size included', () => {
    expect(faultOf('abc', { delimiter: null, bytesMax: 3 })).toBeNull();
    expect(faultOf('abcd', { delimiter: null, bytesMax: 3 })).toEqual({ code: 'too_large', row: null });
    expect(faultOf('a,b\r\nc,d', { delimiter: null, marksMax: 3 })).toBeNull();
    expect(faultOf('a,b\r\nc,d\r', { delimiter: null, marksMax: 3 })).toEqual({ code: 'too_many_cells', row: null });
    expect(faultOf(','.repeat(TABLE_COLUMNS_MAX - 1))).toBeNull();
  });
});

describe('files of csv-spectrum', () => {
  const folder = dirname(fileURLToPath(import.meta.resolve('csv-spectrum/package.json')));
  // Its JSON of location_coordinates has another number than its CSV.
  const names = readdirSync(join(folder, 'csvs'))
    .map((name) => name.replace('.csv', ''))
    .filter((name) => name !== 'location_coordinates');

  it.each(names)('%s is read as its JSON says', (name) => {
    const result = read(readFileSync(join(folder, 'csvs', `${name}.csv`)));
    if (!result.ok) throw new Error(result.fault.code);
    const [header = [], ...rows] = result.table.rows;
    const objects = rows.map((row) => Object.fromEntries(header.map((column, index) => [column, row[index]])));
    expect(objects).toEqual(JSON.parse(readFileSync(join(folder, 'json', `${name}.json`), 'utf8')));
  });
});

const alphabet = fc.constantFrom('a', '"', '""', ',', ';', '\t', '|', '\n', '\r', '\r\n', ' ', '\ufeff', 'é', '😀');
const texts = fc.array(alphabet, { maxLength: 40 }).map((parts) => parts.join(''));

describe('properties', () => {
  it('both readers give the same for any text', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(null, ...DELIMITERS), (text, delimiter) => {
        read(text, { delimiter });
      }),
      { numRuns: 3000 },
    );
  });

  it('both readers give the same for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
        read(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('both writers give the same line for any record, and it reads as the record', () => {
    const cells = fc.oneof(texts, fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 6 }), (row) => {
        const line = formatRow(row);
        expect(renderRow(row)).toBe(line);
        if (row.some((cell) => cell.includes('\u0000'))) return;
        expect(rowsOf(`x,y\n${line}`, { delimiter: ',' })).toEqual([['x', 'y'], row]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('large files', () => {
  const many = 1_000_000;
  it.each([
    ['short records', `a,b\n${'1,2\n'.repeat(many)}`],
    ['empty lines', `a,b${'\n'.repeat(many)}`],
    ['records longer than the header', `a\n${'1,2\n'.repeat(many)}`],
    ['long cells', `a,b\n${`${'x'.repeat(FIELD_LENGTH_MAX)},y\n`.repeat(31)}`],
    ['long quoted cells', `a,b\n${`"${'""x'.repeat(FIELD_LENGTH_MAX / 2)}",y\n`.repeat(20)}`],
    ['quoted cells', `a,b\n${'"1","2"\n'.repeat(many)}`],
  ])('of %s are read', (_, text) => {
    const bytes = bytesOf(text);
    const result = readTable(bytes, GUESS);
    const scanned = scanTable(bytes, GUESS);
    if (!result.ok || !scanned.ok) throw new Error('it was refused');
    expect(scanned.table.rows.length).toBe(result.table.rows.length);
    expect(scanned.table.rows.at(-1)).toEqual(result.table.rows.at(-1));
  });

  it.each([
    ['a quoted cell that does not end', `a,b\n${'"",x\n'.repeat(many / 2)}"`],
    ['one line of quotation marks', `a,b\n${'"'.repeat(8 * many + 1)}`],
    ['quoted cells with text and blanks after them', `a,b\n${'"a"x"'.repeat(many)}${' '.repeat(many)}\n`],
  ])('with %s are refused', (_, text) => {
    expect(faultOf(text)).toMatchObject({ code: 'quotes' });
  });
});
