import { seeded } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matcherOf } from '../src/check/selectors.ts';
import { treeOf } from '../src/check/tree.ts';
import { readPage } from '../src/work/page.ts';
import { type PageSelector, readSelector } from '../src/work/selector.ts';
import { draftOf } from './planted/draft.ts';
import { numbersOf } from './planted/measure.ts';
import { PLANTS, plant } from './planted/plants.ts';
import { reasonsAgainst, work } from './support/work.ts';

const NAMES = [
  'table',
  'tr',
  'td',
  'th',
  'tbody',
  'thead',
  'tfoot',
  'caption',
  'ul',
  'ol',
  'li',
  'p',
  'b',
  'a',
  'div',
  'br',
  'i',
];
const RARE = [
  'svg',
  'math',
  'template',
  'select',
  'option',
  'form',
  'script',
  'style',
  'textarea',
  'title',
  'image',
  'noscript',
  'x-y',
  'body',
  'html',
  'plaintext',
  'desc',
  'nobr',
  'h1',
];
const name = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...NAMES) }, fc.constantFrom(...RARE));
const attributes = fc.constantFrom(
  '',
  ' class="k l"',
  ' class=k',
  ' id=i',
  ' colspan=2',
  ' rowspan=2',
  ' rowspan=0',
  ' href="/x?a&amp;b"',
  ' title=" t  u "',
  ' CLASS=l a',
  "\r\nx='y>'",
  ' x="y',
);
const start = fc
  .tuple(name, attributes, fc.constantFrom('>', '>', '>', '/>'))
  .map(([tag, more, end]) => `<${tag}${more}${end}`);
const text = fc.oneof(
  fc.constantFrom(
    'a',
    'b c',
    ' ',
    '\n',
    '\r\n',
    '1,234.50',
    '-7',
    '2024-02-29',
    'x&amp;y',
    '&nbsp;',
    '日🎉',
    '=f',
    '&',
    '<',
    '\u0000',
    '<!-- c -->',
    '<!doctype html>',
    '<![CDATA[d]]>',
  ),
  fc.string({ maxLength: 4 }),
);
const soup = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: start },
      { weight: 2, arbitrary: name.map((tag) => `</${tag}>`) },
      { weight: 3, arbitrary: text },
    ),
    { minLength: 4, maxLength: 40, size: 'max' },
  )
  .map((parts) => parts.join('').toWellFormed());

const simple = fc.constantFrom(
  '.k',
  '.l',
  '#i',
  '[class]',
  '[class~=k]',
  '[class="k l"]',
  '[x^="y"]',
  '[href*=a]',
  '[class|=k]',
  '[title$=""]',
  ':first-child',
  ':last-child',
  ':only-child',
  ':nth-child(2n+1)',
  ':nth-child( -n + 2 )',
  ':nth-child(even)',
  ':nth-last-child(2)',
  ':nth-of-type(2)',
  ':nth-last-of-type(n+2)',
  ':first-of-type',
  ':only-of-type',
  ':not(.k)',
  ':not(td, :first-child)',
  ':nth-child(+3n-1)',
  ':nth-child(0n+1)',
);
const compound = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('*', '', 'body', 'html') },
      { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
      fc.constantFrom('TD', 'x-y', 'foreignobject'),
    ),
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(simple, { maxLength: 2 })),
  )
  .map(([tag, more]) => (tag + more.join('') === '' ? '*' : tag + more.join('')));
const joint = fc.constantFrom(' ', ' > ', '>', '+', ' + ', '  ');
const complex = fc
  .tuple(compound, fc.array(fc.tuple(joint, compound), { maxLength: 3 }))
  .map(([first, rest]) => first + rest.flat().join(''));
const selector = fc.array(complex, { minLength: 1, maxLength: 2 }).map((ways) => ways.join(', '));

it('selectors match the same elements for worker and check, in any soup', () => {
  let matched = 0;
  fc.assert(
    fc.property(soup, selector, (html, rows) => {
      const bytes = new TextEncoder().encode(html);
      const [page, tree] = [readPage(bytes), treeOf(bytes)];
      if (typeof page === 'string' || typeof tree === 'string') throw new Error('it is UTF-8');
      const marks = matcherOf(rows)?.(tree) ?? new Uint8Array(0);
      const found = readSelector(rows).matches(page);
      expect(found).toEqual([...marks.keys()].filter((order) => marks[order] === 1));
      matched += found.length;
    }),
    { numRuns: 3_000 },
  );
  expect(matched).toBeGreaterThan(1_000);
});

it('selectors are taken by both or by neither', () => {
  const mark = fc.constantFrom(
    ' ',
    ',',
    '>',
    '+',
    '~',
    '(',
    ')',
    '[',
    ']',
    '"',
    "'",
    '=',
    '*',
    '|',
    ':',
    '.',
    '#',
    'n',
    '2',
    '-',
    'not(',
    'nth-child(',
    'odd',
    '\\',
    '/*',
    '_',
    '\n',
    'é',
  );
  let taken = 0;
  const readOrNot = (text: string): PageSelector | undefined => {
    try {
      return readSelector(text);
    } catch {
      return undefined;
    }
  };
  fc.assert(
    fc.property(selector, fc.nat(), mark, fc.boolean(), (text, at, more, replaces) => {
      const place = at % (text.length + 1);
      const damaged = text.slice(0, place) + more + text.slice(place + (replaces ? 1 : 0));
      const read = readOrNot(damaged);
      expect([damaged, matcherOf(damaged) !== undefined]).toEqual([damaged, read !== undefined]);
      if (read !== undefined) taken += 1;
    }),
    { numRuns: 5_000 },
  );
  expect(taken).toBeGreaterThan(500);
});

const field = fc.record(
  {
    name: fc.constantFrom('a', 'b c', 'x', '1,234.50'),
    selector,
    attribute: fc.constantFrom('href', 'title', 'CLASS'),
    type: fc.constantFrom('text', 'integer', 'decimal', 'date', 'url'),
    required: fc.boolean(),
  },
  { requiredKeys: ['name'] },
);
const fields = fc.array(field, { minLength: 1, maxLength: 4 });
const asked: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constant({}),
  fc.constant({ tables: true }),
  fc.record({ fields }),
  fc.record({ rows: selector, fields }),
  fc.record({ rows: selector, fields, base: fc.constant('https://x.example/y/') }),
) as fc.Arbitrary<JsonValue>;
const table = fc
  .array(
    fc.array(
      fc.tuple(fc.constantFrom('<td>', '<th>', '<td rowspan=2>', '<td colspan=3>', '<td rowspan=0 colspan=2>'), text),
      { maxLength: 4 },
    ),
    { maxLength: 5 },
  )
  .map((rows) => `<table>${rows.map((cells) => `<tr>${cells.flat().join('')}`).join('\n')}</table>`.toWellFormed());

it('passes what was done honestly, and not what was changed, in any soup', async () => {
  const kinds = Object.values(PLANTS);
  let planted = 0;
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(
      asked,
      fc.array(fc.oneof(soup, table), { minLength: 1, maxLength: 3 }),
      fc.nat(),
      async (value, pages, seed) => {
        const files = Object.fromEntries(pages.map((html, index) => [`${index}.html`, html]));
        const { input, output } = await work(value, files);
        expect(await reasonsAgainst(input, output)).toEqual([]);
        const draft = await draftOf(output, numbersOf(value));
        rows += draft.sets.reduce((sum, set) => sum + set.rows.length, 0);
        const draw = seeded(seed);
        const kind = kinds[draw(kinds.length)];
        const wrong = kind === undefined ? undefined : plant(draft, kind, draw);
        if (wrong === undefined) return;
        planted += 1;
        expect(await reasonsAgainst(input, wrong)).not.toEqual([]);
      },
    ),
    { numRuns: 1_000 },
  );
  expect(planted).toBeGreaterThan(200);
  expect(rows).toBeGreaterThan(500);
});
