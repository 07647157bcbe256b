import { describe, expect, test } from 'vitest';
import { checkReport } from '../../src/check-report/check-report.ts';
import { check, checkOne, checkOneCitation, documentsOf } from './support.ts';

const FOLDER = {
  'README.md': '# Top\n\nThe top file says these very words here.\n',
  'docs/guide.md': 'one\ntwo\nThe guide says these other words here.\nfour\n',
  'docs/deep/README.md': 'The deep file says yet other words here.\n',
  'pkg/LICENSE': 'MIT\n',
  'docs/über uns.md': 'We are who we say we are here.\n',
};

describe('what is a citation', () => {
  test.each([
    ['See docs/guide.md.', 'docs/guide.md'],
    ['See `docs/guide.md`!', 'docs/guide.md'],
    ['See [the guide](docs/guide.md).', 'docs/guide.md'],
    ['See [the guide](./docs/guide.md#part "Title").', 'docs/guide.md'],
    ['See [the guide](<docs/guide.md>).', 'docs/guide.md'],
    ['See **docs/guide.md** and no more.', 'docs/guide.md'],
    ['(see docs/guide.md)', 'docs/guide.md'],
    ['See /docs/guide.md.', 'docs/guide.md'],
    ['See docs\\guide.md.', 'docs/guide.md'],
    ['See guide.md, please.', 'guide.md'],
    ['See [us](docs/%C3%BCber%20uns.md).', 'docs/über uns.md'],
    ['Under pkg/LICENSE it stands.', 'pkg/LICENSE'],
    ['Under `LICENSE` it stands.', 'LICENSE'],
  ])('%s', (report, target) => {
    expect(checkOneCitation(report, FOLDER)).toMatchObject({ target, verdict: 'found', reportLine: 1 });
  });

  test.each([
    ['Node.js and Vue.js are not files; e.g. this.'],
    ['The *.md files and `.md` names.'],
    ['```\ndocs/none.md\n```'],
    ['`npm run check docs/none.md`'],
    ['A LICENSE is needed; `AUTHORS` or `NOTICE` are words.'],
    ['[site](https://example.org/none.md) and <https://example.org/none.html>'],
    ['![picture](none.html)'],
  ])('none in %j', (report) => {
    expect(check(report, FOLDER).citations).toEqual([]);
  });

  test('links out of the folder are counted', () => {
    expect(
      check('[a](https://example.org/none.md), <https://example.org>, [`b.md`](https://example.org)', FOLDER).counts,
    ).toMatchObject({ external: 3, citations: 0 });
  });

  test('file names inside quoted words are not claims of the report', () => {
    const folder = { 'a.md': 'For more of this see none.md or ask.' };
    expect(check('> For more of this see none.md or ask.', folder).citations).toEqual([]);
  });
});

describe('whether the file is there', () => {
  test('not found is false', () => {
    expect(checkOneCitation('See docs/none.md.', FOLDER)).toEqual({
      target: 'docs/none.md',
      reportLine: 1,
      verdict: 'not_found',
    });
    expect(check('See docs/none.md.', FOLDER).counts.false).toBe(1);
  });

  test('a file at the top is meant before others of its name; otherwise several are ambiguous', () => {
    expect(checkOneCitation('See README.md.', FOLDER)).toMatchObject({ verdict: 'found', at: { path: 'README.md' } });
    const folder = { 'a/x.md': '1\n', 'b/x.md': '1\n2\n3\n' };
    expect(checkOneCitation('See x.md.', folder)).toMatchObject({ verdict: 'ambiguous', candidates: 2 });
    expect(check('See x.md.', folder).counts.false).toBe(0);
    expect(checkOneCitation('See x.md:9.', folder).verdict).toBe('line_out_of_range');
  });

  test('names may begin with the path of the folder itself', () => {
    expect(check('See my/project/docs/guide.md.', FOLDER, '/home/me/my/project').citations[0]).toMatchObject({
      verdict: 'found',
    });
    expect(check('See other/docs/guide.md.', FOLDER, '/home/me/my/project').citations[0]).toMatchObject({
      verdict: 'not_found',
    });
  });

  test('letter case is disregarded only when nothing fits', () => {
    expect(checkOneCitation('See DOCS/Guide.MD.', FOLDER)).toMatchObject({
      verdict: 'found',
      at: { path: 'docs/guide.md' },
    });
    expect(checkOneCitation('See x.md.', { 'x.md': 'a', 'X.md': 'b' })).toMatchObject({
      verdict: 'found',
      at: { path: 'x.md' },
    });
  });

  test('a file that is there but was not read is found, with the reason', () => {
    const result = checkReport({
      report: 'See big.md.',
      documents: documentsOf(FOLDER),
      unread: [{ path: 'big.md', reason: 'too large' }],
    });
    expect(result).toMatchObject({
      ok: true,
      check: { citations: [{ verdict: 'found', unread: 'too large' }], counts: { false: 0 } },
    });
  });
});

describe('lines', () => {
  test.each([
    ['docs/guide.md:3', { from: 3, to: 3 }],
    ['docs/guide.md:3:7', { from: 3, to: 3 }],
    ['docs/guide.md:3-4', { from: 3, to: 4 }],
    ['docs/guide.md#L3', { from: 3, to: 3 }],
    ['docs/guide.md#L3-L4', { from: 3, to: 4 }],
    ['`docs/guide.md:3`', { from: 3, to: 3 }],
    ['[here](docs/guide.md#L3-L4)', { from: 3, to: 4 }],
    ['docs/guide.md, line 3', { from: 3, to: 3 }],
    ['docs/guide.md (lines 3–4)', { from: 3, to: 4 }],
    ['`docs/guide.md`, lines 3 to 4', { from: 3, to: 4 }],
    ['line 3 of docs/guide.md', { from: 3, to: 3 }],
    ['lines 3-4 in `docs/guide.md`', { from: 3, to: 4 }],
  ])('%s', (written, lines) => {
    expect(checkOneCitation(`It stands in ${written} as said.`, FOLDER)).toMatchObject({
      target: 'docs/guide.md',
      verdict: 'found',
      lines,
    });
  });

  test.each([
    'docs/guide.md:5',
    'docs/guide.md:0',
    'docs/guide.md:4-3',
    'docs/guide.md#L4-L9',
    'docs/guide.md:99999999999',
  ])('%s is out of range', (written) => {
    expect(checkOneCitation(`See ${written} for it.`, FOLDER)).toMatchObject({
      verdict: 'line_out_of_range',
      at: { lineCount: 4 },
    });
  });

  test('words that stand at other lines than named are found there, and that is said', () => {
    const folder = {
      'a.md': 'These words stand here twice.\n\n\nThese words stand here twice.\nNot here at all, my friend.\n',
    };
    expect(checkOne('"These words stand here twice" (a.md:4)', folder)).toMatchObject({
      verdict: 'exact',
      at: { lineStart: 4 },
    });
    const off = checkOne('"Not here at all, my friend" (a.md:1)', folder);
    expect(off).toMatchObject({ verdict: 'exact', otherLines: true, at: { lineStart: 5 } });
  });
});

describe('footnotes', () => {
  test('a note without definition is false', () => {
    expect(checkOneCitation('As said.[^1]', FOLDER)).toEqual({ target: '[^1]', reportLine: 1, verdict: 'not_found' });
  });

  test('a note mark ends the file name before it', () => {
    const report = 'As lacking.md[^1] says.\n\n[^1]: docs/guide.md';
    const [named] = check(report, FOLDER).citations;
    expect(named).toMatchObject({ target: 'lacking.md', reportLine: 1, verdict: 'not_found' });
  });

  test('a note is a citation where it is defined', () => {
    expect(checkOneCitation('As said.[^1]\n\n[^1]: See docs/guide.md, line 3.', FOLDER)).toMatchObject({
      verdict: 'found',
      reportLine: 3,
      lines: { from: 3, to: 3 },
    });
  });
});

describe('what a citation is attached to', () => {
  const TOP = '"The top file says these very words here"';
  const GUIDE = '"The guide says these other words here"';
  const verdicts = (report: string): readonly string[] =>
    check(report, FOLDER).quotations.map(({ verdict }) => verdict);

  test.each([
    [`README.md says ${TOP}.`],
    [`In \`README.md\` we read: ${TOP}`],
    [`${TOP} (README.md)`],
    [`${TOP} (see README.md, line 3).`],
    [`${TOP} — README.md`],
    [`${TOP} [README](README.md)`],
    [`${TOP}[^1]\n\n[^1]: README.md`],
    [`${TOP} [1]\n\n[1] README.md, line 3`],
    [`${TOP} [1]\n\n[1]: README.md`],
    [`${TOP}.[^1] Other text.\n\n[^1]: The file README.md.`],
    ['> The top file says these very words here.\n> — README.md'],
    ['> The top file says these very words here.\n\n— README.md'],
    ['> The top file says these very words here.\n\nSource: [README](README.md)'],
    ['> The top file says these very words here. (README.md)'],
    ['As README.md puts it:\n\n> The top file says these very words here.'],
    [`The file is README.md. It was written long ago. It says ${TOP}.`],
    [`| ${TOP} | README.md |\n| --- | --- |\n| a | b |`],
  ])('right: %j', (report) => {
    const { quotations } = check(report, FOLDER);
    expect(quotations[0]).toMatchObject({ verdict: 'exact', cited: ['README.md'], at: { path: 'README.md' } });
  });

  test.each([
    [`docs/guide.md says ${TOP}.`],
    [`${TOP} (docs/guide.md)`],
    [`${TOP}[^1]\n\n[^1]: docs/guide.md`],
    [`${TOP} [1]\n\n[1] docs/guide.md`],
    ['> The top file says these very words here.\n> — docs/guide.md'],
    ['As docs/guide.md puts it:\n\n> The top file says these very words here.'],
    [`The file is docs/guide.md. It says ${TOP}.`],
  ])('misattributed: %j', (report) => {
    const result = check(report, FOLDER);
    expect(result.quotations[0]).toMatchObject({
      verdict: 'misattributed',
      cited: ['docs/guide.md'],
      at: { path: 'README.md' },
    });
    expect(result.counts).toMatchObject({ misattributed: 1, false: 1 });
  });

  test('a file that is not there holds nothing', () => {
    expect(check(`${TOP} (none.md)`, FOLDER)).toMatchObject({
      quotations: [{ verdict: 'misattributed' }],
      counts: { false: 2 },
    });
  });

  test('each of several quotations in a sentence has the source next to it', () => {
    expect(verdicts(`README.md says ${TOP} while docs/guide.md says ${GUIDE}.`)).toEqual(['exact', 'exact']);
    expect(verdicts(`docs/guide.md says ${TOP} while README.md says ${GUIDE}.`)).toEqual([
      'misattributed',
      'misattributed',
    ]);
    expect(verdicts(`We read ${TOP} (README.md) and ${GUIDE} (docs/guide.md).`)).toEqual(['exact', 'exact']);
    expect(verdicts(`We read ${TOP} (docs/guide.md) and ${GUIDE} (README.md).`)).toEqual([
      'misattributed',
      'misattributed',
    ]);
  });

  test('of several sources of a sentence one suffices', () => {
    expect(
      verdicts(
        `Both docs/guide.md and README.md are of one mind about this, for in them we read much and also ${TOP}, truly.`,
      ),
    ).toEqual(['exact']);
  });

  test('a source of another paragraph is none', () => {
    expect(check(`We read docs/guide.md.\n\nIt is said that ${TOP}.`, FOLDER).quotations[0]).toMatchObject({
      verdict: 'exact',
      cited: [],
    });
  });

  test('an ambiguous name holds what any of its files holds', () => {
    const folder = { 'a/x.md': 'The first says these words here.', 'b/x.md': 'The second says other words here.' };
    expect(checkOne('"The second says other words here" (x.md)', folder)).toMatchObject({
      verdict: 'exact',
      at: { path: 'b/x.md' },
    });
  });

  test('if the source was not read, nothing is said about attribution', () => {
    const result = checkReport({
      report: `${TOP} (big.md)`,
      documents: documentsOf(FOLDER),
      unread: [{ path: 'big.md', reason: 'too large' }],
    });
    expect(result).toMatchObject({ ok: true, check: { quotations: [{ verdict: 'exact' }] } });
  });

  test('words in the named file count, though they stand elsewhere first and exactly', () => {
    const folder = { 'a.md': 'Some words that stand in both files.', 'b.md': 'Some words that *stand* in both files.' };
    expect(checkOne('"Some words that stand in both files" (b.md)', folder)).toMatchObject({
      verdict: 'normalised',
      at: { path: 'b.md' },
      normalisations: ['markup'],
    });
  });
});
