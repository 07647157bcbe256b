import { describe, expect, test } from 'vitest';
import { check, checkOne, wordsAt } from './support.ts';

const FOLDER = {
  'guide.md':
    '# Guide\n\nWorkers renew their lease before it ends, or they lose it. The `lease` lasts **ten** minutes;\nit is ' +
    "[renewed](./renew.md) by a signed message.\n\nDon't stop a worker by hand - it isn't safe...\n\n" +
    '“Nothing is final,” she said, “until the log says so.”\n',
  'page.html':
    '<p>Every <b>seat</b> is drawn &amp; paid by the kernel, never by hand.</p><script>var a = "not a word of this is read";</script>',
  'crlf.txt': 'The first line goes on\r\nin the second line of the file\r\nand ends there.\r\n',
};

const quoted = (report: string): readonly string[] => check(report, FOLDER).quotations.map(({ text }) => text);

describe('what is a quotation', () => {
  test.each([
    ['"Workers renew their lease before it ends"'],
    ['“Workers renew their lease before it ends”'],
    ['„Workers renew their lease before it ends“'],
    ['«Workers renew their lease before it ends»'],
    ['« Workers renew their lease before it ends »'],
    ['»Workers renew their lease before it ends«'],
    ['‘Workers renew their lease before it ends’'],
    ["'Workers renew their lease before it ends'"],
    ['("Workers renew their lease before it ends")'],
    ['*"Workers renew their lease before it ends"*'],
    ['**“Workers renew their lease before it ends”**'],
  ])('%s', (run) => {
    expect(quoted(`The guide says ${run} somewhere.`)).toEqual(['Workers renew their lease before it ends']);
  });

  test('runs of four words are names, of five words quotations', () => {
    expect(quoted('He wrote "renew their lease before" once.')).toEqual([]);
    expect(quoted('He wrote "renew their lease before it" once.')).toEqual(['renew their lease before it']);
  });

  test('a run over several lines, also in a list', () => {
    const finding = checkOne('- He wrote "Workers renew their\n  lease before\n  it ends" once.', FOLDER);
    expect(finding.verdict).toBe('normalised');
    expect(finding.normalisations).toEqual(['white_space']);
  });

  test('a quotation inside a quotation is part of it', () => {
    expect(quoted('She said “he told ‘renew their lease before it’ to us all” then.')).toEqual([
      'he told ‘renew their lease before it’ to us all',
    ]);
  });

  test('inside an outer run that never closes, the inner one counts', () => {
    expect(quoted('She said “he told ‘renew their lease before it ends’ to us all.')).toEqual([
      'renew their lease before it ends',
    ]);
  });

  test('apostrophes and inches open nothing', () => {
    expect(quoted("The workers' lease isn't a 5\" disk and the dogs' bowl doesn't matter to a 3\" one.")).toEqual([]);
  });

  test('a possessive inside single marks does not end the quotation', () => {
    expect(quoted("It says 'the workers lose the workers' lease at once' there.")).toEqual([
      "the workers lose the workers' lease at once",
    ]);
  });

  test('an unbalanced mark does not swallow the next quotation', () => {
    expect(quoted('A stray "mark here. Then "Workers renew their lease before it ends" follows.')).toContain(
      'Workers renew their lease before it ends',
    );
  });

  test('a quotation of several paragraphs opens each and closes the last', () => {
    expect(quoted('“Workers renew their lease before it ends.\n\n“The lease lasts ten minutes then.” Done.')).toEqual([
      'Workers renew their lease before it ends.',
      'The lease lasts ten minutes then.',
    ]);
  });

  test('code is no quotation, and quotation marks in code spans open none', () => {
    expect(
      quoted(
        '```\n"Workers renew their lease before it ends"\n```\n\nWrite `a = "` and then five words and `"` again.',
      ),
    ).toEqual([]);
  });

  test('each paragraph and item of a block quotation is one', () => {
    expect(
      quoted('> Workers renew their lease\n> before it ends\n>\n> - The lease lasts\n> - it is renewed\n'),
    ).toEqual(['Workers renew their lease\nbefore it ends', 'The lease lasts', 'it is renewed']);
  });

  test('nested block quotations and lazy continuation lines', () => {
    expect(quoted('> outer words\n\n> > inner words\ngo on lazily\n')).toEqual([
      'outer words',
      'inner words\ngo on lazily',
    ]);
    expect(quoted('>> Workers renew their lease\n>> before it ends')).toEqual([
      'Workers renew their lease\nbefore it ends',
    ]);
  });

  test('call-outs are the report speaking', () => {
    expect(quoted('> [!NOTE]\n> This is our own remark on the matter.\n\n> Workers renew their lease')).toEqual([
      'Workers renew their lease',
    ]);
  });

  test('marks around a whole block quotation are not part of it', () => {
    expect(quoted('> "Workers renew their lease before it ends"\n')).toEqual([
      'Workers renew their lease before it ends',
    ]);
  });

  test('a last line that was a link in the source is part of it, and names no file of the report', () => {
    const { quotations, citations } = check('> Read on about leases, see\n> \\[the guide\\](./other.md).', {
      'guide.md': 'Read on about leases, see\n[the guide](./other.md).\n',
    });
    expect([quotations.map(({ verdict }) => verdict), citations]).toEqual([['normalised'], []]);
  });

  test('a line that names the source is not part of it', () => {
    expect(quoted('> Workers renew their lease\n> — guide.md, line 3\n')).toEqual(['Workers renew their lease']);
    expect(quoted('> Workers renew their lease\n>\n> — The Guide\n')).toEqual(['Workers renew their lease']);
    expect(quoted('> Workers renew their lease (guide.md)\n')).toEqual(['Workers renew their lease']);
    expect(quoted('> Workers renew their lease[^1]\n\n[^1]: guide.md\n')).toEqual(['Workers renew their lease']);
  });
});

describe('whether the words stand', () => {
  test('exactly, with bytes and lines', () => {
    const finding = checkOne('> Workers renew their lease before it ends, or they lose it.', FOLDER);
    expect(finding).toMatchObject({
      verdict: 'exact',
      normalisations: [],
      at: { path: 'guide.md', lineStart: 3, lineEnd: 3 },
    });
    expect(wordsAt(finding, FOLDER)).toBe('Workers renew their lease before it ends, or they lose it.');
  });

  test.each([
    ['or they lose it. The\n`lease`', ['white_space']],
    ['or they lose it. The lease lasts', ['markup']],
    ['it is renewed by a signed message', ['markup']],
    ['The lease lasts ten minutes; it is renewed', ['markup', 'white_space']],
    ['Don’t stop a worker by hand – it isn’t safe…', ['ellipsis', 'quotation_marks', 'dashes']],
    ["Don't stop a worker by hand--it isn't safe...", ['dashes', 'white_space']],
    ['"Nothing is final," she said, "until the log says so."', ['quotation_marks']],
    ['Workers renew their lease before it ends.', ['end_punctuation']],
    ['Every seat is drawn & paid by the kernel', ['markup']],
    ['The first line goes on in the second line', ['white_space']],
    ['Workers re\u00adnew their le\u200base', ['characters']],
  ])('after normalisation: %j needs %j', (words, needed) => {
    const finding = checkOne(`> ${words.replaceAll('\n', '\n> ')}`, FOLDER);
    expect(finding.verdict).toBe('normalised');
    expect(finding.normalisations).toEqual(needed);
  });

  test.each([
    ['another case', 'workers renew their lease before it ends'],
    ['another ending', 'Workers renew their leases before it ends'],
    ['a word cut at the start', 'orkers renew their lease before it ends'],
    ['a word cut at the end', 'Workers renew their lease before it end'],
    ['a word left out', 'Workers renew lease before it ends'],
    ['a word put in', 'Workers must renew their lease before it ends'],
    ['a contraction cut', 't stop a worker by hand'],
  ])('not with %s', (_why, words) => {
    expect(checkOne(`> ${words}`, FOLDER).verdict).toBe('not_found');
  });

  test('fewer words of the same passage do', () => {
    expect(checkOne('> Workers renew their lease before it', FOLDER).verdict).toBe('exact');
  });

  test('what was altered is shown', () => {
    const finding = checkOne('> Workers must renew their lease after it ends, or they lose everything.', FOLDER);
    expect(finding.closest).toMatchObject({ path: 'guide.md', lineStart: 3, lineEnd: 3 });
    expect(finding.closest?.differences).toEqual([
      { written: 'must', stands: '' },
      { written: 'after', stands: 'before' },
      { written: 'everything', stands: 'it' },
    ]);
  });

  test('a meaning turned by cutting into a word is caught', () => {
    const folder = {
      'a.md': "It is unsafe to stop a worker by hand. This is non-trivial to do and you can't skip it.",
    };
    expect(checkOne('> safe to stop a worker by hand', folder).verdict).toBe('not_found');
    expect(checkOne('> trivial to do and you', folder).verdict).toBe('not_found');
    expect(checkOne('> to do and you can', folder).verdict).toBe('not_found');
  });

  test('nothing like it', () => {
    const finding = checkOne('> Bananas ripen quickly beside apples in warm kitchens', FOLDER);
    expect(finding.verdict).toBe('not_found');
    expect(finding.closest).toBeUndefined();
  });
});

describe('omissions', () => {
  test.each(['[...]', '[…]', '…', '...', '(…)', '. . .'])(
    '%s divides a quotation into parts that stand in order',
    (mark) => {
      const finding = checkOne(`> Workers renew their lease ${mark} or they lose it`, FOLDER);
      expect(finding.verdict).toBe('exact');
      expect(finding.parts).toHaveLength(2);
      expect(finding.at).toMatchObject({ path: 'guide.md', lineStart: 3 });
      expect(wordsAt(finding, FOLDER)).toBe('Workers renew their lease before it ends, or they lose it');
    },
  );

  test('parts in the wrong order, or in two documents, do not stand', () => {
    expect(checkOne('> or they lose it [...] Workers renew their lease', FOLDER).verdict).toBe('not_found');
    expect(checkOne('> Workers renew their lease [...] in the second line of the file', FOLDER).verdict).toBe(
      'not_found',
    );
  });

  test('parts must not overlap', () => {
    expect(checkOne('> Workers renew their lease before [...] lease before it ends', FOLDER).verdict).toBe('not_found');
  });

  test('an ellipsis at an end is left out, one in the source is not', () => {
    expect(checkOne('> ...Workers renew their lease before it...', FOLDER).verdict).not.toBe('not_found');
    expect(checkOne("> it isn't safe...", FOLDER)).toMatchObject({ verdict: 'exact' });
  });
});

test('the result is the same every time', () => {
  const report = '> Workers renew\n\n"it is renewed by a signed message" (guide.md) and "not there at all, no way".';
  expect(check(report, FOLDER)).toEqual(check(report, FOLDER));
});
