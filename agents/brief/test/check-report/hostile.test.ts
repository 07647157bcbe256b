import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkReport, QUOTATIONS_MAX, REPORT_LENGTH_MAX } from '../../src/check-report/check-report.ts';
import { check, documentsOf } from './support.ts';

const FOLDER = {
  'a.md': 'Some words stand here, in this order, and no others do. '.repeat(50),
  'b.html': '<p>Some words <b>stand</b> here.</p>',
};

/** A size at which linear work takes well under a second of processor time, and anything quadratic a minute. */
const LONG = 250_000;
const SECONDS_MAX = 10;

const PIECES: readonly (readonly [string, string])[] = [
  ['double marks', '"'],
  ['spaced marks', ' " '],
  ['opening marks', '“'],
  ['nested openings', '“‘«'],
  ['words in marks that never close', '“one two three four five '],
  ['single marks', " 'a"],
  ['possessives', "dogs' "],
  ['block quotation marks', '> '],
  ['block quotation lines', '>\n'],
  ['deep quotations', '>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> a\n'],
  ['link openings', '['],
  ['link middles', ']('],
  ['half links', '[a](b '],
  ['link titles', '](a "'],
  ['images', '![]('],
  ['footnotes', '[^a]'],
  ['footnote definitions', '[^a]: b\n'],
  ['numbered notes', '[1] a.md '],
  ['backticks', '`'],
  ['growing code', '`a``b```c'],
  ['tags', '<a '],
  ['comments', '<!-- '],
  ['closed comments', '<!-- -->'],
  ['autolinks', '<http:'],
  ['addresses', '<a@'],
  ['entities', '&#1;&'],
  ['emphasis', '*a_'],
  ['stars', '*'],
  ['underscores', '_'],
  ['escapes', '\\'],
  ['dashes', '-'],
  ['dots', '.'],
  ['ellipses', '[...] '],
  ['omissions in marks', '"a [...] b" '],
  ['spaces', ' '],
  ['tabs', '\t'],
  ['line feeds', '\n'],
  ['carriage returns', '\r'],
  ['soft hyphens', '\u00ad'],
  ['file names', 'a.md '],
  ['one long file name', 'a.md/'],
  ['lines', 'a.md:1-'],
  ['slashes', 'a/'],
  ['percent signs', '[a](%'],
  ['fences', '```\n'],
  ['tables', '|'],
  ['headings', '# '],
  ['items', '- '],
  ['front matter', '---\n'],
  ['letters', 'a'],
  ['one word', 'a '],
  ['ideographs', '語'],
  ['surrogates', '🎉'],
  ['lone surrogates', '\ud800'],
  ['control characters', '\u0000\u001b['],
  ['brackets and marks', '("a'],
  ['quotation of one word', '> the\n\n'],
];

describe('reports made to take time', () => {
  test.each(PIECES)('%s', (_name, piece) => {
    const report = piece.repeat(Math.ceil(LONG / piece.length)).slice(0, LONG);
    const started = process.cpuUsage();
    const result = checkReport({ report, documents: documentsOf(FOLDER) });
    const used = process.cpuUsage(started);
    expect((used.user + used.system) / 1e6).toBeLessThan(SECONDS_MAX);
    if (!result.ok) expect(result.code).toBe('too_many_quotations');
  });

  test('thousands of different quotations that share their words, held against documents full of them', () => {
    const words = Array.from(
      { length: QUOTATIONS_MAX - 1 },
      (_, index) => `> stand here and stand here and ${'stand here '.repeat(index % 7)}w${index}`,
    );
    const folder = { 'a.md': 'stand here and '.repeat(50_000) };
    const started = process.cpuUsage();
    const { counts } = check(words.join('\n\n'), folder);
    const used = process.cpuUsage(started);
    expect(counts.notFound).toBe(QUOTATIONS_MAX - 1);
    expect((used.user + used.system) / 1e6).toBeLessThan(SECONDS_MAX);
  });

  test('limits are told', () => {
    expect(checkReport({ report: 'a'.repeat(REPORT_LENGTH_MAX + 1), documents: [] })).toEqual({
      ok: false,
      code: 'report_too_large',
      length: REPORT_LENGTH_MAX + 1,
      limit: REPORT_LENGTH_MAX,
    });
    const many = '> a\n\n'.repeat(QUOTATIONS_MAX + 1);
    expect(checkReport({ report: many, documents: [] })).toMatchObject({
      ok: false,
      code: 'too_many_quotations',
      count: QUOTATIONS_MAX + 1,
    });
  });
});

describe('anything at all', () => {
  const unit = fc.constantFrom(
    ...PIECES.map(([, piece]) => piece),
    'Some words stand here',
    ' ',
    '\n',
    '\n\n',
    '"',
    '”',
    '> ',
    'a.md',
    '](a.md)',
    ')',
  );

  test('random reports are read without error, and every finding is sound', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 60 }), (pieces) => {
        const report = pieces.join('');
        const result = checkReport({ report, documents: documentsOf(FOLDER) });
        if (!result.ok) throw new Error(result.code);
        const lines = report.split('\n').length;
        for (const { reportLine, at, verdict } of result.check.quotations) {
          expect(reportLine).toBeLessThanOrEqual(lines);
          expect(at === undefined).toBe(verdict === 'not_found');
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('random documents are read without error, and every place lies in them', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 60 }), fc.constantFrom('a.md', 'a.html', 'a.txt'), (pieces, path) => {
        const text = Buffer.from(pieces.join('')).toString();
        const { quotations } = check(
          '> Some words stand here\n\n"the words Some words stand" and "Some [...] stand here [...] a"',
          { [path]: text },
        );
        for (const { at } of quotations) {
          if (at === undefined) continue;
          expect(at.byteEnd).toBeLessThanOrEqual(Buffer.byteLength(text));
          expect(at.byteStart).toBeLessThan(at.byteEnd);
          expect(at.lineEnd).toBeLessThanOrEqual(text.split('\n').length);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('documents that are no UTF-8 hold nothing and do no harm', () => {
    const result = checkReport({
      report: '> Some words stand here',
      documents: [{ path: 'x.md', bytes: Uint8Array.of(0xff, 0xfe, 0x41) }, ...documentsOf(FOLDER)],
    });
    expect(result).toMatchObject({ ok: true, check: { counts: { exact: 1 } } });
  });
});
