import { filesIn, type NamedFiles, type Worked } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { describe, expect, it } from 'vitest';
import { valueAs } from '../src/check/values.ts';
import { example } from '../src/example.ts';
import type { Extraction } from '../src/work/result.ts';
import { typed } from '../src/work/types.ts';
import { SHOP } from './support/pages.ts';
import { reasonsAgainst, work } from './support/work.ts';

/** Has the agent extract and holds that a seat passes it. */
async function done(value: JsonValue, files: NamedFiles): Promise<Worked & { readonly value: Extraction }> {
  const worked = await work(value, files);
  expect(await worked.evaluate()).toEqual({ verdict: 'pass', reasons: [] });
  return { ...worked, value: worked.output.value as unknown as Extraction };
}

const of = async (value: JsonValue, html: string): Promise<Extraction> => (await done(value, { 'a.html': html })).value;

describe('rows of the main table', () => {
  it('are its columns by their headers, checked for their types', async () => {
    const fields = [
      { name: 'Pot', required: true },
      { name: 'Price', type: 'decimal' },
      { name: 'Since', type: 'date' },
      { name: 'to', selector: 'a', attribute: 'href', type: 'url' },
    ];
    const { value, output, outputCid } = await done({ fields, base: 'https://x.example/' }, { 'a.html': SHOP });
    expect(value.rows).toEqual([
      ['Kettle', '1200.50', '2024-02-29', 'https://x.example/kettle.html'],
      ['=Pan', '-3', '2020-05-05', 'https://example.org/pan'],
      ['Lid', null, null, null],
      ['Lid', '7.10', '2021-05-05', null],
    ]);
    expect(value.skipped).toEqual([
      { match: 3, field: 'Price', reason: 'not_decimal' },
      { match: 3, field: 'Since', reason: 'not_date' },
      { match: 4, field: 'to', reason: 'not_url' },
      { match: 5, field: 'Pot', reason: 'missing' },
    ]);
    expect(value.sources).toMatchObject([{ file: 'a.html', kind: 'table', matches: 5 }]);
    const csv = await output.files.text('rows.csv');
    expect(csv.split('\n').slice(0, 3)).toEqual([
      'Pot,Price,Since,to',
      'Kettle,1200.50,2024-02-29,https://x.example/kettle.html',
      "'=Pan,-3,2020-05-05,https://example.org/pan",
    ]);
    const { rows } = JSON.parse(await output.files.text('selectors.json'));
    const [kettle, , , lid] = rows;
    expect(SHOP.slice(kettle.cells[1].start, kettle.cells[1].end + 8)).toBe('<td>1,200.50');
    expect(kettle.cells[1].path).toBe(':scope > td:nth-child(2)');
    expect(kettle.path).toBe('html > body:nth-child(2) > table:nth-child(4) > tbody:nth-child(2) > tr:nth-child(2)');
    // The lid's cell stands in the row above, so its path begins at the root.
    expect(lid.cells[0].path).toMatch(/^html > .*tr:nth-child\(4\) > td:nth-child\(1\)$/);
    expect((await work({ fields, base: 'https://x.example/' }, { 'a.html': SHOP })).outputCid).toBe(outputCid);
  });

  it('are all its columns when no fields are asked for', async () => {
    const { fields, rows } = await of({}, SHOP);
    expect(fields).toEqual(['Pot', 'Price', 'Since', 'Page']);
    expect(rows).toHaveLength(5);
    expect(rows[4]).toEqual([null, 'sold out', 'sold out', 'sold out']);
    expect((await of({}, '<table><tr><td>1<td>2<tr><td>3<td>4</table>')).fields).toEqual(['column 1', 'column 2']);
  });

  it('come from the largest table that has the columns', async () => {
    const small = '<table><tr><th>a<th>b<tr><td>1<td>2</table>';
    const large = `<table><tr><th>c<th>d${'<tr><td>3<td>4'.repeat(5)}</table>`;
    expect((await of({}, small + large)).fields).toEqual(['c', 'd']);
    expect((await of({ fields: [{ name: 'b' }] }, small + large)).rows).toEqual([['2']]);
    expect((await of({}, small + small)).sources[0]?.path).toBe('html > body:nth-child(2) > table:nth-child(1)');
  });

  it('of several files have the same columns, or the file is named', async () => {
    const table = (names: string): string => `<table><tr>${names}<tr><td>1<td>2</table>`;
    const files = {
      '1.html': '<p>',
      '2.html': table('<th>a<th>b'),
      '3.html': table('<th>a<th>c'),
      '4.html': table('<th>a<th>b'),
    };
    const { value } = await done({}, files);
    expect(value.total).toBe(2);
    expect(value.sources.map(({ file, kind }) => `${file} ${kind}`)).toEqual([
      '1.html none',
      '2.html table',
      '4.html table',
    ]);
    expect(value.unusable).toEqual([{ file: '3.html', reason: 'other_columns' }]);
  });
});

describe('rows of the main list', () => {
  it('are its items where there is no table', async () => {
    const list = SHOP.slice(SHOP.indexOf('<ol>'));
    expect((await of({}, list)).rows).toEqual([['one inner deeper'], ['two of two'], ['three']]);
    expect((await of({ fields: [{ name: 'x' }, { name: 'inner', selector: 'li' }] }, list)).rows).toEqual([
      ['one inner deeper', 'inner'],
      ['two of two', null],
      ['three', null],
    ]);
    expect((await of({ fields: [{ name: 'x' }, { name: 'y' }] }, list)).sources[0]?.kind).toBe('none');
  });
});

describe('chosen rows', () => {
  it('are all that match, in the order of the document, with the first match within each', async () => {
    const html =
      '<div class="a b"><i>1</i><i>2</i></div><div class=a><div class=b><i title=" x  y ">3</i></div></div><p class=b>';
    const fields = [
      { name: 'i', selector: 'i' },
      { name: 't', selector: 'i', attribute: 'TITLE' },
    ];
    expect((await of({ rows: 'div', fields }, html)).rows).toEqual([
      ['1', null],
      ['3', 'x y'],
      ['3', 'x y'],
    ]);
    expect((await of({ rows: '.b', fields: [{ name: 'i', selector: 'i', required: true }] }, html)).rows).toEqual([
      ['1'],
      ['3'],
    ]);
  });

  it.each([
    ['li:nth-child(2n+1)', 'ace'],
    ['li:nth-last-child(-n+2)', 'de'],
    ['li:not(:first-child, .x):not(#y)', 'de'],
    ['.x + li', 'c'],
    ['ul > li:last-of-type, #y', 'ce'],
    ['[data-k]', 'bd'],
    ['[data-k="v w"]', 'b'],
    ["[data-k~='w']", 'b'],
    ['[data-k|=q], [data-k^=nothing]', 'd'],
    ['*:only-child > li:nth-of-type(4)', 'd'],
    ['LI.x', 'b'],
    ['li li, i', ''],
  ])('%s', async (rows, letters) => {
    const html = '<ul><li>a<li class="w x" data-k="v w">b<li id=y>c<li data-k=q-r>d<li>e</ul>';
    const { rows: found } = await of({ rows, fields: [{ name: 'letter' }] }, html);
    expect(found.flat().join('')).toBe(letters);
  });

  it.each([
    '',
    ' ',
    'a,',
    '> a',
    'a >',
    'a ~ b',
    'a::before',
    ':hover',
    'a:not(b c)',
    ':not(:not(a))',
    '[a=b i]',
    '[a=/x]',
    'a\\b',
    'a|b',
    'a/**/b',
    ':nth-child(n n)',
    'a'.repeat(257),
    'a '.repeat(17),
    '.',
    '[a',
    '[a!=b]',
  ])('of no selector that is taken, such as "%s", are yielded', async (rows) => {
    await expect(work({ rows, fields: [{ name: 'x' }] }, { 'a.html': SHOP })).rejects.toThrow(/selector|schema/);
    const { input, output } = await work({ rows: 'a', fields: [{ name: 'x' }] }, { 'a.html': SHOP });
    const other = { ...input, value: { rows, fields: [{ name: 'x' }] } };
    expect((await reasonsAgainst(other, output)).join()).toContain('no request');
  });
});

describe('every table', () => {
  it('that holds data is a set of its own, with names, spans and captions', async () => {
    const html = `${SHOP}<table><thead><tr><th colspan=2>all<tr><th>k<th>v<tbody><tr><th>a<td>1<tfoot><tr><td>sum<td>1</table>
      <table><tr><td>one column</table><table><tr><td><table><tr><td>x<td>y</table><td>outer</table>`;
    const { value, output } = await done({ tables: true }, { 'a.html': html });
    expect(value.tables.map(({ caption, columns, total }) => [caption, columns, total])).toEqual([
      ['Prices of today', 4, 5],
      [null, 2, 2],
      [null, 2, 1],
    ]);
    expect(await output.files.text('tables/002/rows.csv')).toBe('k,v\na,1\nsum,1\n');
    expect(await output.files.text('tables/003/rows.csv')).toBe('column 1,column 2\nx,y\n');
    expect(output.files.names()).toHaveLength(9);
  });
});

describe('types', () => {
  const value = async (type: string, text: string): Promise<string | null | undefined> =>
    (await of({ rows: 'p', fields: [{ name: 'x', type }] }, `<p>${text}</p>`)).rows[0]?.[0];

  it.each([
    ['integer', '007', '7'],
    ['integer', '+1 234 567', '1234567'],
    ['integer', '\u22125', '-5'],
    ['integer', '-0', '0'],
    ['integer', '1,23', null],
    ['integer', '1.0', null],
    ['integer', '12345,678', null],
    ['decimal', '.5', '0.5'],
    ['decimal', '-00.50', '-0.50'],
    ['decimal', '1,234,567.890', '1234567.890'],
    ['decimal', '1&nbsp;234.5', '1234.5'],
    ['decimal', '1,234 567', null],
    ['decimal', '5.', null],
    ['decimal', '1e3', null],
    ['decimal', '$5', null],
    ['decimal', '.', null],
    ['date', '2000-02-29', '2000-02-29'],
    ['date', '1900-02-29', null],
    ['date', '31 December 1999', '1999-12-31'],
    ['date', 'Sept 1, 2020', null],
    ['date', 'Sep. 1, 2020', '2020-09-01'],
    ['date', '1. May 2020', '2020-05-01'],
    ['date', '01/02/2020', null],
    ['date', '2020-13-01', null],
    ['url', 'HTTP://Example.org/ä', 'http://example.org/%C3%A4'],
    ['url', 'kettle.html', null],
    ['url', 'data:text/html,x', null],
  ])('%s "%s"', async (type, text, expected) => {
    expect(await value(type, text)).toBe(expected);
  });
});

it('knows every day of the calendar, as the platform does', () => {
  for (let year = 1_896; year <= 2_004; year += 1)
    for (let month = 0; month <= 13; month += 1)
      for (let day = 0; day <= 32; day += 1) {
        const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const time = new Date(`${text}T00:00:00Z`);
        const isDay = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
        expect([text, valueAs('date', text, undefined)]).toEqual([text, isDay ? text : undefined]);
        expect('value' in typed(text, 'date', null)).toBe(isDay);
      }
});

describe('what is no extraction at all', () => {
  it('is yielded, and no result of it passes', async () => {
    const files = { 'a.html': SHOP };
    await expect(work({ tables: true, rows: 'a' }, files)).rejects.toThrow('every table');
    await expect(work({ rows: 'a' }, files)).rejects.toThrow('which fields');
    await expect(work({ base: 'x' }, files)).rejects.toThrow('no absolute address');
    await expect(work({}, {})).rejects.toThrow('0 files');
    await expect(work({ fields: [] }, files)).rejects.toThrow('schema');
    const { input, output } = await work({}, files);
    for (const value of [
      null,
      { rows: 'a' },
      { tables: true, base: 'http://x' },
      { base: 'x' },
      { fields: [{ name: 'x', type: 'y' }] },
      { x: 1 },
    ])
      expect((await reasonsAgainst({ ...input, value }, output)).join()).toContain('no request');
    expect((await reasonsAgainst({ ...input, files: filesIn(new Map()) }, output)).join()).toContain('0 files');
    for (const value of [null, [], {}, 7]) expect(await reasonsAgainst(input, { ...output, value })).not.toEqual([]);
    const more = filesIn(new Map([['x', new Uint8Array(1)]]));
    expect((await reasonsAgainst(input, { ...output, files: more })).length).toBe(4);
  });
});

it('comes with an example that passes', async () => {
  const { value, output } = await done(example.input as JsonValue, example.files ?? {});
  expect(value).toEqual(example.output);
  for (const [name, text] of Object.entries(example.outputFiles ?? {}))
    expect(await output.files.text(name)).toBe(text);
});
