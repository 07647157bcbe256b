import type { ReportCheck } from 'canswarm';
import { describe, expect, it } from 'vitest';
import { describeCheck } from '../src/check/describe.ts';
import { fakeIo } from './fake-io.ts';

type Quotation = ReportCheck['quotations'][number];
type Citation = ReportCheck['citations'][number];

const place = { path: 'a.md', byteStart: 0, byteEnd: 9, lineStart: 3, lineEnd: 4 };
const quotation = (more: Partial<Quotation>): Quotation => ({
  text: 'words that\nstand \x1b[2J there',
  reportLine: 7,
  verdict: 'exact',
  cited: [],
  normalisations: [],
  ...more,
});
const citation = (more: Partial<Citation>): Citation => ({ target: 'a.md', reportLine: 9, verdict: 'found', ...more });

function told(
  quotations: readonly Quotation[],
  citations: readonly Citation[],
  more: Partial<ReportCheck['counts']> = {},
): string {
  const none = {
    exact: 0,
    normalised: 0,
    misattributed: 0,
    notFound: 0,
    citationsFound: 0,
    citationsAmbiguous: 0,
    citationsNotFound: 0,
    citationsOutOfRange: 0,
    external: 0,
    false: 0,
  };
  const counts = { ...none, quotations: quotations.length, citations: citations.length, ...more };
  const normalisations = [...new Set(quotations.flatMap((one) => one.normalisations))];
  return describeCheck(fakeIo(), { quotations, citations, normalisations, counts });
}

describe('what a check found', () => {
  it('shows where words stand, and what was disregarded', () => {
    const text = told(
      [
        quotation({ at: place }),
        quotation({
          verdict: 'normalised',
          normalisations: ['white_space'],
          at: place,
          parts: [place, place],
          otherLines: true,
        }),
      ],
      [],
    );
    expect(text).toContain('line 7: "words that stand \\x1b[2J there"');
    expect(text).toContain('stands exactly at a.md:3');
    expect(text).toContain(
      'stands, disregarding white space, in 2 parts at a.md:3 (at other lines than the report says)',
    );
    expect(text).toContain('Disregarded when comparing: white space.');
    expect(text).toContain('2 quotations, 0 citations: none is false.');
  });

  it('names what is false again at the end', () => {
    const differences = [
      { written: 'always', stands: 'never' },
      { written: '', stands: 'not' },
      { written: 'very', stands: '' },
    ];
    const closest = { ...place, text: 'other words', similarity: 80, differences };
    const text = told(
      [
        quotation({ verdict: 'not_found', closest }),
        quotation({ verdict: 'misattributed', cited: ['b\x07.md'], at: place }),
      ],
      [
        citation({ verdict: 'not_found', target: 'gone.md' }),
        citation({ verdict: 'line_out_of_range', lines: { from: 5, to: 5 }, at: { path: 'a.md', lineCount: 4 } }),
      ],
      { false: 4 },
    );
    expect(text).toContain('FALSE: stands nowhere in the folder');
    expect(text).toContain('closest, 80 %: a.md:3 "other words"');
    expect(text).toContain('"always" stands there as "never"');
    expect(text).toContain('left out: "not"');
    expect(text).toContain('put in: "very"');
    expect(text).toContain('FALSE: stands not in b\\x07.md but at a.md:3');
    expect(text).toContain('line 9: a.md, line 5\n    FALSE: the file has 4 lines');
    expect(text).toMatch(
      /2 quotations, 2 citations: 4 false\n {2}line 7: .*\n {2}line 7: .*\n {2}line 9: gone\.md\n {2}line 9: a\.md$/,
    );
  });

  it('says what it says nothing about', () => {
    const text = told([], [citation({ verdict: 'ambiguous', candidates: 3 }), citation({ unread: 'binary' })], {
      external: 1,
    });
    expect(text).toContain('3 files fit this name');
    expect(text).toContain('is there, but was not read: binary');
    expect(text).toContain('1 link leads out of the folder');
    expect(told([], [])).toContain('quotes and cites nothing');
  });
});
