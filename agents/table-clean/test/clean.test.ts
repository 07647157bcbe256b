import type { Content } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { describe, expect, it } from 'vitest';
import { agent } from '../src/index.ts';
import { deskFor, tableInput } from './planted/desk.ts';

interface Cleaned {
  readonly value: Readonly<Record<string, JsonValue>>;
  readonly table: string;
  /** Lines of the log, each as short text. */
  readonly log: readonly string[];
}

const text = ({ files }: Content, name: string): string => new TextDecoder().decode(files.get(name));

/** Cleans a table and has the result judged, which must pass. */
async function clean(table: string, asked: Readonly<Record<string, JsonValue>> = {}): Promise<Cleaned> {
  const desk = await deskFor(tableInput(table, asked));
  const result = await desk.work();
  expect(await desk.judge(result)).toEqual({ verdict: 'pass', reasons: [] });
  const log = text(result, 'patches.jsonl')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Object.values(JSON.parse(line)).join(' '));
  return { value: result.value as Cleaned['value'], table: text(result, 'cleaned.csv'), log };
}

/** A column after a rule alone. */
async function column(rule: string, cells: readonly string[], asked: Readonly<Record<string, JsonValue>> = {}) {
  const field = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const { table } = await clean(['c', ...cells].map(field).join('\n'), { rules: [rule], ...asked });
  return table
    .split('\n')
    .slice(1, -1)
    .map((line) => line.replace(/^"(.*)"$/, '$1'));
}

describe('the example', () => {
  it('passes, and is what the agent makes of it', async () => {
    const { example } = agent.skills['table-clean'].verification ?? {};
    if (example === undefined) throw new Error('there is no example');
    const files = (named: Readonly<Record<string, Uint8Array | string>> = {}): Content['files'] =>
      new Map(Object.entries(named).map(([name, content]) => [name, Buffer.from(content)]));
    const desk = await deskFor({ value: example.input as JsonValue, files: files(example.files) });
    const due = { value: example.output as JsonValue, files: files(example.outputFiles) };
    expect(await desk.judge(due)).toEqual({ verdict: 'pass', reasons: [] });
    const made = await desk.work();
    expect(made.value).toEqual(due.value);
    for (const name of due.files.keys()) expect(text(made, name)).toBe(text(due, name));
  });
});

describe('cell rules', () => {
  it('trim takes white space of every kind away at both ends', async () => {
    expect(await column('trim', [' a ', '\u00a0b\u3000', '\t c  d', '\ufeffe', '\u200bf'])).toEqual([
      'a',
      'b',
      'c  d',
      'e',
      '\u200bf',
    ]);
  });

  it('collapse makes runs between words one space, and leaves the ends', async () => {
    expect(await column('collapse', ['a  b', 'a\u00a0b', '  a', 'a \t b  c ', 'a b'])).toEqual([
      'a b',
      'a b',
      '  a',
      'a b c ',
      'a b',
    ]);
  });

  it('empty knows markers, exactly', async () => {
    expect(await column('empty', ['NA', 'N/A', '-', 'null', 'na', 'x'])).toEqual(['', '', '', '', 'na', 'x']);
    expect(await column('empty', ['NA', '?'], { markers: ['?'] })).toEqual(['NA', '']);
  });

  it('empty leaves a marker that looks like the codes of its column', async () => {
    expect(await column('empty', ['NA', 'DE', '-'])).toEqual(['NA', 'DE', '']);
    expect(await column('empty', ['NA', 'EUR'])).toEqual(['', 'EUR']);
    const { value } = await clean('c\nNA\nDE\n');
    expect(value['columns']).toEqual([{ name: 'c', kind: 'text', unclear: 1 }]);
  });

  it('date knows forms that name one day', async () => {
    const cells = ['2024/3/7', '2024.03.07', '7 March 2024', '7-mar-2024', 'Sept 7, 2024', 'SEP 7 2024', '2024-03-07'];
    const days = ['2024-03-07', '2024-03-07', '2024-03-07', '2024-03-07', '2024-09-07', '2024-09-07', '2024-03-07'];
    expect(await column('date', cells)).toEqual(days);
  });

  it('date leaves what is no day, or no date', async () => {
    const cells = [
      '2023-02-29',
      '31 April 2024',
      '0000-01-01',
      '2024/13/01',
      '7/3/24',
      '2024-03',
      '7 Mars 2024',
      '20240307',
    ];
    expect(await column('date', cells)).toEqual(cells);
    expect(await column('date', ['2024/2/29', '1900/2/29', '2000/2/29'])).toEqual([
      '2024-02-29',
      '1900/2/29',
      '2000-02-29',
    ]);
  });

  it('date takes the order of day and month from the column, where it shows it', async () => {
    expect(await column('date', ['3/4/2024', '13/4/2024'])).toEqual(['2024-04-03', '2024-04-13']);
    expect(await column('date', ['3.4.2024', '4-13-2024'])).toEqual(['2024-03-04', '2024-04-13']);
    expect(await column('date', ['3/4/2024', '5/4/2024'])).toEqual(['3/4/2024', '5/4/2024']);
    expect(await column('date', ['3/4/2024', '13/4/2024', '4/13/2024'])).toEqual([
      '3/4/2024',
      '13/4/2024',
      '4/13/2024',
    ]);
  });

  it('number makes a column plain that is all of one notation', async () => {
    expect(await column('number', ['1.234,50', '-7', '', '+1.000.000'])).toEqual(['1234.50', '-7', '', '+1000000']);
    expect(await column('number', ['1,234.5', '12'])).toEqual(['1234.5', '12']);
    expect(await column('number', ['1 234,5', '1\u202f000', '3'])).toEqual(['1234.5', '1000', '3']);
    expect(await column('number', ["1'234.5", '1\u2019000'])).toEqual(['1234.5', '1000']);
    expect(await column('number', ['0,50', '12,5'])).toEqual(['0.50', '12.5']);
  });

  it('number leaves a column that is not all numbers, or not certainly', async () => {
    for (const cells of [
      ['1,5', 'x'],
      ['1.5', '2,5'],
      ['1,234', '2,500'],
      ['1,23,456'],
      ['1e5', '1,5'],
      ['0.123,5'],
      [`1,${'0'.repeat(34)}`],
    ])
      expect(await column('number', cells)).toEqual(cells);
    expect(await column('number', ['1,234', '2,500'], { decimalMark: '.' })).toEqual(['1234', '2500']);
    expect(await column('number', ['1,234', '2,500'], { decimalMark: ',' })).toEqual(['1.234', '2.500']);
    expect(await column('number', ['1.234', '5'], { decimalMark: ',' })).toEqual(['1234', '5']);
  });

  it('go one after the other, each logged', async () => {
    const { table, log } = await clean('n\n  1\u00a0 234,5 \n', { delimiter: ';' });
    expect(table).toBe('n\n1234.5\n');
    expect(log).toEqual([
      '2 1 trim   1\u00a0 234,5  1\u00a0 234,5',
      '2 1 collapse 1\u00a0 234,5 1 234,5',
      '2 1 number 1 234,5 1234.5',
    ]);
  });

  it('leave columns that are to be kept', async () => {
    const { table } = await clean('a, b \n x ,NA\n', { keep: ['b'] });
    expect(table).toBe('a,b\nx,NA\n');
  });
});

describe('rows and header', () => {
  it('names of columns become bare and each its own', async () => {
    const { table } = await clean(' a ,a,,a_2,a,column_3\n');
    expect(table).toBe('a,a_3,column_3,a_2,a_4,column_3_2\n');
  });

  it('rows without cells, with too few or too many, and repeated ones go, each logged', async () => {
    const rules = ['trim', 'drop-empty', 'drop-duplicate'];
    const { table, log, value } = await clean('a,b\n1,2\n\n , \n1\n1,2,3\n 1,2\n,,,\n', { rules });
    expect(table).toBe('a,b\n1,2\n');
    expect(log).toEqual(['3 empty', '4 empty', '5 fields 1', '6 fields 3', '7 duplicate 2', '8 empty']);
    expect(value).toMatchObject({ rowsIn: 7, rowsOut: 1, dropped: { empty: 3, fields: 2, duplicate: 1 }, patches: 6 });
  });

  it('rows with too few fields get empty ones, and empty ones beyond the header go', async () => {
    const { table, log, value } = await clean('a,b,c\n1\n1,2,3,, ,-\n1,2,3,4\n');
    expect(table).toBe('a,b,c\n1,,\n1,2,3\n');
    expect(log).toEqual(['2 fit 1 3', '3 fit 6 3', '4 fields 4']);
    expect(value).toMatchObject({ changes: { fit: 2 }, dropped: { fields: 1 } });
  });

  it('nothing but what was asked for is done', async () => {
    const { table, log } = await clean('a,a\n x ,NA\n x ,NA\n,\n', { rules: [] });
    expect(table).toBe('a,a\n x ,NA\n x ,NA\n,\n');
    expect(log).toEqual([]);
  });

  it('totals are exact, and say what duplicates took along', async () => {
    const { value } = await clean('a;b\n0,1;x\n0,2;y\n0,2;y\n99.999.999.999.999.999.999,05;z\n-1;z');
    expect(value['totals']).toEqual([
      { column: 1, before: '99999999999999999998.55', dropped: '0.2', after: '99999999999999999998.35' },
    ]);
  });

  it('cells that a spreadsheet may take for formulas are counted and stay', async () => {
    const { table, value } = await clean('a,b\n=1+1,-5\n@x,-\n+49 30,"\t=x"\n', { rules: [] });
    expect(table).toBe('a,b\n=1+1,-5\n@x,-\n+49 30,\t=x\n');
    expect(value['formulas']).toBe(5);
  });

  it('the same input gives the same bytes', async () => {
    const input = tableInput('a;b\n 1,5;NA\n 1,5;NA\n3/13/2024;x\n');
    const [one, other] = await Promise.all([deskFor(input), deskFor(input)]);
    expect(await one.work()).toEqual(await other.work());
  });
});
