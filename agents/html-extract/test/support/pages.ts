import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonValue } from '@canswarm/ports';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** What is asked of which files. */
export interface Page {
  readonly value: JsonValue;
  readonly files: Readonly<Record<string, Uint8Array | string>>;
}

/** Files of packages installed here that hold HTML, and were written by others. */
const INSTALLED = [
  'node_modules/okapibm25/coverage/index.html',
  'node_modules/okapibm25/coverage/BM25.ts.html',
  'node_modules/cborg/bench/index.html',
  'node_modules/papaparse/player/player.html',
  'node_modules/fast-check/README.md',
  'node_modules/formatly/README.md',
  'node_modules/@biomejs/biome/README.md',
];

/** Those of the files by the names that they have there. */
export const installed = (): Readonly<Record<string, Uint8Array>> =>
  Object.fromEntries(INSTALLED.map((name) => [name, new Uint8Array(readFileSync(join(ROOT, name)))]));

/** Where Debian keeps documents of what is installed. */
export const DOCUMENTS = '/usr/share/doc';

/** Up to so many HTML documents of the system; none where there are none. */
export function systemDocuments(most: number): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  if (!existsSync(DOCUMENTS)) return [];
  const names = readdirSync(DOCUMENTS, { recursive: true, encoding: 'utf8' }).filter((name) => /\.html?$/.test(name));
  const files = names.sort().filter((name) => statSync(join(DOCUMENTS, name)).isFile());
  const step = Math.max(1, Math.floor(files.length / most));
  return files
    .filter((_, index) => index % step === 0)
    .slice(0, most)
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(DOCUMENTS, name))) }));
}

/** A shop's page as people write them: end tags left out, spans, a nested list, a table for layout. */
export const SHOP = `<!doctype html>
<title>Pots</title>
<table role=presentation><tr><td>left<td>right<tr><td>a<td>b<tr><td>a<td>b<tr><td>a<td>b<tr><td>a<td>b</table>
<ul id=menu><li><a href="/">Home</a><li><a href="/pots?a=1&amp;b=2">Pots &amp; pans</a></ul>
<h2>Prices</h2>
<table class="prices wide">
  <caption>Prices <b>of today</b></caption>
  <tr><th>Pot<th>Price<th>Since<th>Page
  <tr><td>Kettle<td>1,200.50<td>2024-02-29<td><a href="kettle.html">more</a>
  <tr><td>=Pan<td> -3 <td>5 May 2020<td><a href="https://example.org/pan">more</a>
  <tr><td rowspan=2>Lid<td>soon<td>2023-02-29<td>none
  <tr><td>07.10<td>May 5, 2021<td><a href="javascript:alert(1)">more</a>
  <tr><td><td colspan=3>sold out
</table>
<ol><li>one<ul><li>inner<li>deeper</ul><li>two<p>of two<li>three<script>no()</script></ol>
`;

/** Each page that others wrote with a question of its own: no wrong results are made of these. */
export const others = (): readonly Page[] =>
  Object.entries(installed()).map(([name, bytes]) => ({
    value: {
      rows: 'a[href]',
      fields: [
        { name: 'text', required: true },
        { name: 'to', attribute: 'href' },
      ],
    },
    files: { [name]: bytes },
  }));

/** Pages and questions to make wrong results of. */
export function questions(): readonly Page[] {
  const prices = [
    { name: 'Pot', required: true },
    { name: 'Price', type: 'decimal' },
    { name: 'Since', type: 'date' },
    { name: 'to', selector: 'td > a[href]', attribute: 'href', type: 'url' },
  ];
  const { 'node_modules/fast-check/README.md': readme = new Uint8Array(0), ...others } = installed();
  return [
    { value: { fields: prices, base: 'https://pots.example/shop/' }, files: { 'shop.html': SHOP } },
    { value: { tables: true }, files: { 'shop.html': SHOP, 'readme.md': readme, ...others } },
    { value: {}, files: { 'a.html': SHOP, 'b.html': '<p>nothing', 'c.html': new Uint8Array([0xff]) } },
    {
      value: {
        rows: 'a[href]',
        fields: [{ name: 'text' }, { name: 'to', attribute: 'href', type: 'url', required: true }],
      },
      files: { 'readme.html': readme, 'shop.html': SHOP },
    },
    {
      value: { rows: 'ol > li, ul > li', fields: [{ name: 'item' }, { name: 'first', selector: 'li' }] },
      files: { 'shop.html': SHOP },
    },
  ];
}
