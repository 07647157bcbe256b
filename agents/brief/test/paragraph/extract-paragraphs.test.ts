import { QUOTE_BYTES_MAX } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceDocument } from '../../src/extract.ts';
import { extractParagraphs } from '../../src/paragraph/index.ts';
import { quotesOf, source } from '../support/extract.ts';

const ask = (question: string, ...documents: SourceDocument[]): Promise<string[]> =>
  quotesOf(extractParagraphs, question, documents);

describe('extractParagraphs', () => {
  it('puts the passage that tells how first', async () => {
    const notes = source(
      'CHANGELOG.md',
      '- security: fix a vulnerability in reports\n- report the version\n- new logo\n',
    );
    const policy = source(
      'SECURITY.md',
      '# Security\n\nTo report a vulnerability, write to us at `secure@example.org`.\n',
    );
    const code = source('README.md', '# Reporter\n\nA reporter for tests.\n\n```js\nreport(vulnerability)\n```\n');
    const [first] = await ask('How do I report a security vulnerability?', notes, policy, code);
    expect(first).toBe('To report a vulnerability, write to us at `secure@example.org`.');
  });

  it('finds forms of a word, parts of names, and other words for the same', async () => {
    const text =
      'The cache is cleared by `flushCache`.\n\n# Other\n\nSet the `maxAge` limit to expire entries.\n\n# More\n\nDisable colours.';
    const document = source('a.md', text);
    expect((await ask('clearing caches', document))[0]).toContain('flushCache');
    expect((await ask('what is the age of an entry', document))[0]).toContain('maxAge');
    expect((await ask('how to turn off colours', document))[0]).toBe('Disable colours.');
  });

  it('tells documents apart by their path and headings', async () => {
    const documents = ['kettle', 'teapot'].map((name) =>
      source(`packages/${name}/README.md`, '# About\n\nIt is made of steel.\n\n# Licence\n\nIt is free for all.\n'),
    );
    const { statements } = await extractParagraphs({
      question: 'What is the licence of the teapot?',
      maxStatements: 1,
      documents,
    });
    expect(statements.map(({ path }) => path)).toEqual(['packages/teapot/README.md']);
    expect(await quotesOf(extractParagraphs, 'What is the licence of the teapot?', documents, 1)).toEqual([
      'It is free for all.',
    ]);
  });

  it('says a thing once, however many packages repeat it', async () => {
    const notice =
      'To report a security vulnerability, use the security contact of the foundation. It will coordinate the fix.';
    const documents = Array.from({ length: 50 }, (_, index) =>
      source(`p${index}/README.md`, `# P${index}\n\n${index % 2 === 0 ? notice : notice.replaceAll(' ', '\n')}\n`),
    );
    expect(await ask('How do I report a vulnerability?', ...documents)).toHaveLength(1);
  });

  it('answers a question of function words, and nothing about what is not there', async () => {
    const document = source('a.md', 'What is this? It is a kettle.');
    expect(await ask('what is this', document)).toHaveLength(1);
    expect(await ask('quantum chromodynamics', document)).toEqual([]);
    expect(await ask('...', document)).toEqual([]);
  });

  it('answers in scripts without spaces', async () => {
    const document = source('ja.md', '# 道具\n\n魚を焼く。\n\n## 別\n\nやかんは水を沸かします。\n');
    expect((await ask('水を沸かす方法', document))[0]).toBe('やかんは水を沸かします。');
  });

  it('quotes code only when the question asks for it', async () => {
    const document = source('a.md', 'Parse like this\n\n```js\nparse(html)\n```\n\nmore about html\n');
    expect((await ask('how to parse html', document)).join()).not.toContain('parse(html)');
    expect((await ask('an example of how to parse html', document)).join()).toContain('parse(html)');
  });

  it('gives the same statements every time, also from a stream', async () => {
    const documents = ['a', 'b', 'c'].map((name) =>
      source(`${name}.md`, `water and tea of ${name}\n\ntea of ${name}\n`),
    );
    const input = { question: 'tea with water', maxStatements: 4 };
    const stream = (async function* () {
      yield* documents;
    })();
    expect(await extractParagraphs({ ...input, documents: stream })).toEqual(
      await extractParagraphs({ ...input, documents }),
    );
  });
});

const pieces = fc.constantFrom(
  ...[
    'kettle ',
    'water',
    ' ',
    '\n',
    '\r\n',
    '\n\n',
    '\r\n\r\n',
    '\t',
    '\uFEFF',
    'é',
    'ß',
    '漢字',
    '\u{1F600}',
    'e\u0301',
    '\u2028',
  ],
  ...[
    '# ',
    '- ',
    '1. ',
    '> ',
    '| a | b |',
    '|---|---|',
    '```',
    '~~~',
    '---',
    '===',
    '<!--',
    '-->',
    '[x]: y',
    '[a](b)',
    '![',
    ':',
  ],
  ...[
    '<p>',
    '</p>',
    '<div>',
    '<b>',
    '&amp;',
    '&#x1F600;',
    '<script>',
    '</script>',
    '<',
    '<li>',
    '<h2>',
    '</h2>',
    '<pre>',
    '</',
  ],
);
const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''));
const names = fc.constantFrom('a.md', 'a.html', 'a.txt', 'a.rst', 'a.adoc', 'LICENSE', 'README');

describe('every statement', () => {
  it('is whole characters of its document, short enough, apart from the others', async () => {
    await fc.assert(
      fc.asyncProperty(names, texts, async (name, text) => {
        const documents = [source(name, `${text}\nkettle water boils\n`)];
        const { statements } = await extractParagraphs({ question: 'kettle water', maxStatements: 20, documents });
        const quotes = await quotesOf(extractParagraphs, 'kettle water', documents, 20);
        for (const quote of quotes) expect(quote).toBe(quote.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''));
        const sorted = [...statements].sort((a, b) => a.byteStart - b.byteStart);
        sorted.forEach(({ byteStart, byteEnd }, index) => {
          expect(byteEnd - byteStart).toBeLessThanOrEqual(QUOTE_BYTES_MAX);
          expect(byteStart).toBeGreaterThanOrEqual(sorted[index - 1]?.byteEnd ?? 0);
        });
      }),
      { numRuns: 400 },
    );
  });
});

describe('hostile documents', () => {
  const heavy: Record<string, string> = {
    'a line of a megabyte.md': 'kettle '.repeat(150_000),
    'no space at all.txt': '漢'.repeat(300_000),
    'open brackets.md': `kettle ${'['.repeat(200_000)}`,
    'open images.md': `kettle ${'!['.repeat(100_000)}`,
    'open links.md': `kettle ${'[a]('.repeat(100_000)}`,
    'open tags.md': `kettle ${'<a '.repeat(100_000)}`,
    'open anchors.md': `kettle ${'<a>'.repeat(100_000)}`,
    'open comments.md': `kettle ${'<!-- '.repeat(100_000)}`,
    'block quotes.md': `${'>'.repeat(200_000)} kettle`,
    'deep lists.md': Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}- kettle`).join('\n'),
    'deep elements.html': `${'<div>'.repeat(100_000)}kettle`,
    'open formatting.html': Array.from({ length: 20_000 }, (_, index) => `<b a=${index}><p>kettle`).join(''),
    'table rows.html': '<table><tr><td>kettle'.repeat(20_000),
    'entities.html': '&kettle;&#0;&#xffffff;'.repeat(50_000),
    'dashes.md': `kettle\n${'-'.repeat(200_000)}`,
    'pipes.md': `|${'-|'.repeat(100_000)}`,
  };
  it.each(Object.entries(heavy))('%s costs about what its size costs', async (path, text) => {
    const quotes = await ask('kettle', source(path, text), source('b.md', 'the kettle boils'));
    expect(quotes).toContain('the kettle boils');
  });
});
