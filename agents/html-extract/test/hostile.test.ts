import type { NamedFiles } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { concat, utf8 } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import type { Extraction } from '../src/work/result.ts';
import { reasonsAgainst, work } from './support/work.ts';

/** Extracts and holds that the check agrees. */
async function of(value: JsonValue, files: NamedFiles): Promise<Extraction> {
  const { input, output } = await work(value, files);
  expect(await reasonsAgainst(input, output)).toEqual([]);
  return output.value as unknown as Extraction;
}

const html = (value: JsonValue, content: string | Uint8Array): Promise<Extraction> => of(value, { 'a.html': content });
const texts = { rows: 'td', fields: [{ name: 'x' }] };

describe('bytes', () => {
  it.each([
    ['empty', '', []],
    ['a byte order mark', '\uFEFF<table><tr><td>x', ['x']],
    ['CRLF', '<table>\r\n<tr>\r\n<td>x\r\ny\r\n</table>', ['x y']],
    ['CR alone', '<table>\r<tr>\r<td\rid=a>x\ry', ['x y']],
    ['NUL', '<table><tr><td\0>no<td>x\0y', ['xy']],
    ['quotes that do not close', '<table><tr><td title="a>x<td>y', []],
    ['letters of many bytes', '<p>日本🎉<table><tr><td>日🎉<td title="é🎉">é', ['日🎉', 'é']],
    ['references', '<table><tr><td>&lt;b&gt;&amp;amp;&#x1F389;&#xD800;&nbsp;.', ['<b>&amp;🎉\ufffd .']],
    ['not HTML', '{"a":[1,2,3]}', []],
    ['a form feed and no-break spaces', '<table><tr><td>\f x\u00a0\u00a0y\u2003', ['x y\u2003']],
    ['foreign elements', '<svg><td>x</td><foreignObject><table><tr><td>y', ['x', 'y']],
    ['rows outside tables', '<tr><td>lost</td></tr><template><table><tr><td>unseen</table></template>', []],
    ['cells without rows', '<table><td>a</td>b<td>c</table>', ['a', 'c']],
    ['names of the prototype', '<table><tr><td __proto__=x constructor>__proto__', ['__proto__']],
  ])('%s', async (_, content, found) => {
    expect((await html(texts, content)).rows.flat()).toEqual(found);
  });

  it('that are no UTF-8 are named', async () => {
    const latin = concat([utf8('<table><tr><td>'), new Uint8Array([0xe9])]);
    const binary = new Uint8Array(4_096).map((_, index) => (index * 7_919) % 256);
    const { rows, unusable } = await of(texts, { a: latin, b: binary, c: '<table><tr><td>x' });
    expect(rows).toEqual([['x']]);
    expect(unusable).toEqual([
      { file: 'a', reason: 'not_utf8' },
      { file: 'b', reason: 'not_utf8' },
    ]);
  });

  it('too many of them are named', async () => {
    const large = new Uint8Array(8_388_609).fill(0x20);
    const { unusable } = await of(texts, { a: large, b: large.slice(1), c: large.slice(1), d: '<p>' });
    expect(unusable.map(({ file }) => file)).toEqual(['a', 'd']);
  });
});

describe('tables', () => {
  const formula = '<table><tr><th>=a<th>b<tr><td>=cmd|calc<td>-5<tr><td>+1<td>@x<tr><td>-<td>"q", r</table>';

  it('with formulas keep them in JSON and show them as text in CSV', async () => {
    const { output } = await work({ fields: [{ name: '=a' }, { name: 'b', type: 'integer' }] }, { a: formula });
    expect(await output.files.text('rows.csv')).toBe("'=a,b\n'=cmd|calc,-5\n'+1,\n'-,\n");
    const all = await work({}, { a: formula });
    expect(await all.output.files.text('rows.csv')).toBe(`'=a,b\n'=cmd|calc,'-5\n'+1,'@x\n'-,"""q"", r"\n`);
    expect((all.output.value as unknown as Extraction).rows[0]).toEqual(['=cmd|calc', '-5']);
  });

  it('with headers twice, empty or strange take the first', async () => {
    const content = '<table><tr><th>a<th>a<th><th>__proto__<tr><td>1<td>2<td>3<td>4</table>';
    expect(await html({ fields: [{ name: 'a' }, { name: '__proto__' }] }, content)).toMatchObject({
      rows: [['1', '4']],
    });
    expect((await html({}, content)).fields).toEqual(['a', 'a', '', '__proto__']);
  });

  it('with a hundred thousand columns, or cells that cover them, are named', async () => {
    const wide = `<table><tr>${'<td>1'.repeat(100_000)}<tr><td>1`;
    const covering = `<table>${`<tr>${'<td rowspan=65534 colspan=10>a'.repeat(20)}`.repeat(2_000)}`;
    const { unusable, tables } = await of({ tables: true }, { a: wide, b: covering, c: '<table><tr><td>1<td>2' });
    expect(unusable.map(({ file, reason }) => `${file} ${reason}`)).toEqual(['a table_too_large', 'b table_too_large']);
    expect(tables).toHaveLength(1);
  });

  it('with spans of any value and cells on each other', async () => {
    const cells = ['', '0', '-1', '+2', ' 2x', '99999999999999999999', 'x'].map(
      (n) => `<td rowspan="${n}" colspan="${n}">${n}.`,
    );
    const content = `<table>${cells.map((cell) => `<tr>${cell}<td>y<td rowspan=2>z`).join('')}</table>`;
    expect((await html({ tables: true }, content)).unusable).toEqual([{ file: 'a.html', reason: 'table_too_large' }]);
    const bearable = content.replace('colspan="99999999999999999999"', '');
    expect((await html({ tables: true }, bearable)).tables[0]?.total).toBe(7);
  });
});

describe('much of everything', () => {
  it('a million short rows are too many elements', async () => {
    const { unusable } = await html(texts, `<table>${'<tr><td>'.repeat(1_000_000)}`);
    expect(unusable).toEqual([{ file: 'a.html', reason: 'too_many_elements' }]);
  });

  it('of many rows the first are given, the rest counted', async () => {
    const content = `<table>${'<tr><td>1<td>2'.repeat(12_000)}`;
    const fields = Array.from({ length: 32 }, (_, index) => ({
      name: `f${index}`,
      selector: `td:nth-child(${1 + (index % 2)})`,
    }));
    const { total, leftOut, rows } = await html({ rows: 'tr', fields }, content);
    expect(total + leftOut).toBe(12_000);
    expect(leftOut).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(total);
  });

  it('a long cell over many rows is read once', async () => {
    const cell = `<td rowspan=65534>a${' '.repeat(4_000_000)}b`;
    const content = `<table><tr>${cell}<td>x${'<tr><td>y'.repeat(3_000)}</table>`;
    expect((await html({}, content)).total).toBe(3_001);
  });

  it('elements nested beyond all measure are too deep, not slow', async () => {
    const content = `${'<div>'.repeat(60_000)}<span>x`;
    const { skippedTotal, total } = await html({ rows: 'div', fields: [{ name: 'x', selector: 'span' }] }, content);
    expect([total, skippedTotal]).toEqual([126, 60_000]);
    const slow = { rows: '.none div div div div div div div span', fields: [{ name: 'x' }] };
    expect((await html(slow, `${'<div>'.repeat(60_000)}${'<span>'.repeat(60_000)}`)).total).toBe(0);
  });

  it('tag soup that makes many elements of few bytes is bounded', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `<b id=${index}>`).join('');
    const { unusable } = await html(
      { rows: 'b', fields: [{ name: 'x' }] },
      `<p>${many}</p>${'<p>x</p>'.repeat(2_000)}`,
    );
    expect(unusable).toEqual([{ file: 'a.html', reason: 'too_many_elements' }]);
  });

  it('long texts and attributes are not given', async () => {
    const long = 'x'.repeat(16_385);
    const content = `<p title="${long}">${long}</p><p title="${' '.repeat(65_537)}">${'y'.repeat(16_384)}</p>`;
    const fields = [{ name: 'text' }, { name: 'title', attribute: 'title' }];
    const { rows, skipped } = await html({ rows: 'p', fields }, content);
    expect(rows.map((row) => row.map((cell) => cell?.length))).toEqual([
      [undefined, undefined],
      [16_384, undefined],
    ]);
    expect(skipped.map(({ reason }) => reason)).toEqual(['too_long', 'too_long', 'too_long']);
  });

  it('attributes by the hundred thousand', async () => {
    const tag = `<p ${Array.from({ length: 100_000 }, (_, index) => `a${index}=${index}`).join(' ')}>x`;
    const { rows } = await html({ rows: '[a77777]', fields: [{ name: 'x', attribute: 'a99999' }] }, tag);
    expect(rows).toEqual([['99999']]);
  });
});
