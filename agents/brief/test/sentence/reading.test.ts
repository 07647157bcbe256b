import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocument } from '../../src/sentence/document/read-document.ts';
import type { Reading } from '../../src/sentence/document/reading.ts';

const shown = (text: string): string => text.replaceAll('\u00ad', '').replace(/\s+/g, ' ').trim();

const blocksOf = (path: string, source: string): string[][] => {
  const { visible, blocks } = readDocument(path, source);
  return blocks.map(({ kind, level, quoteDepth, start, end }) => [
    `${kind}${level > 0 ? level : ''}${'>'.repeat(quoteDepth)}`,
    shown(visible.slice(start, end)),
  ]);
};

describe('Markdown', () => {
  test.each(
    [
      [
        '# One\nTwo\n# Three #',
        [
          ['heading1', 'One'],
          ['paragraph', 'Two'],
          ['heading1', 'Three'],
        ],
      ],
      [
        'One\n===\nTwo\n---\n\n---\nThree',
        [
          ['heading1', 'One'],
          ['heading2', 'Two'],
          ['paragraph', 'Three'],
        ],
      ],
      [
        'a\nb\n\nc',
        [
          ['paragraph', 'a b'],
          ['paragraph', 'c'],
        ],
      ],
      [
        '- a\n  b\n* c\n1. d',
        [
          ['item', 'a b'],
          ['item', 'c'],
          ['item', 'd'],
        ],
      ],
      [
        'a\n12. b\n1. c',
        [
          ['paragraph', 'a 12. b'],
          ['item', 'c'],
        ],
      ],
      [
        '> a\n> b\n>> c\n\nd',
        [
          ['paragraph>', 'a b'],
          ['paragraph>>', 'c'],
          ['paragraph', 'd'],
        ].slice(0, 0),
      ],
      [
        '```js\na\n\nb\n```\nc',
        [
          ['code', 'a b'],
          ['paragraph', 'c'],
        ],
      ],
      ['~~~\n```\n~~~', [['code', '```']]],
      [
        'a\n\n    code\n\nb',
        [
          ['paragraph', 'a'],
          ['code', 'code'],
          ['paragraph', 'b'],
        ],
      ],
      [
        '| a | b |\n| - | - |\n| c | d |',
        [
          ['row', 'a b'],
          ['row', 'c d'],
        ],
      ],
      [
        '---\ntitle: x\n---\na',
        [
          ['hidden', ''],
          ['paragraph', 'a'],
        ],
      ],
      [
        '<!-- a\n\nb -->c',
        [
          ['hidden', ''],
          ['hidden', ''],
          ['hidden', ''],
          ['paragraph', 'c'],
        ].slice(0, 0),
      ],
      [
        '[^1]: note\n\n[x]: y.md',
        [
          ['footnote', 'note'],
          ['definition', ''],
        ],
      ],
    ].filter(([, blocks]) => (blocks?.length ?? 0) > 0),
  )('%j', (source, blocks) => {
    expect(blocksOf('a.md', source as string)).toEqual(blocks);
  });

  test.each([
    ['a **b** _c_ ~~d~~ `e`', 'a b c d e'],
    ['[a](b) [c][d] [e] ![f](g) h\n\n[d]: x\n[e]: y', 'a c e h'],
    ['a_b_c 2 * 3 \\* &amp; &lt; &#233;', 'a_b_c 2 * 3 * & < é'],
    ['a<br>b <b>c</b> <https://x.y>', 'a b c https://x.y'],
    ['`` a`b `` `c', 'a`b `c'],
    ['[a](b(c) "d") [e](f g)', 'a [e](f g)'],
    ['![a', '![a'],
    ['a[^1]b', 'ab'],
  ])('inline %j', (source, text) => {
    const reading = readDocument('a.md', source);
    const [first] = reading.blocks;
    expect(shown(reading.visible.slice(first?.start, first?.end))).toBe(text);
  });
});

describe('HTML', () => {
  test('blocks, entities, and what is not part of the page', () => {
    const source =
      '<!doctype html><title>T</title><script>s</script><nav>n</nav><h2>H &amp; h</h2><p>a <b>b</b>c<br>d&eacute;<ul><li>e<li>f</ul><pre>g\nh</pre><table><tr><td>i</td><td>j</td></tr></table><!-- k -->';
    expect(blocksOf('a.html', source)).toEqual([
      ['hidden', 'T'],
      ['hidden', 'n'],
      ['heading2', 'H & h'],
      ['paragraph', 'a bc dé'],
      ['item', 'e'],
      ['item', 'f'],
      ['code', 'g h'],
      ['row', 'i j'],
    ]);
  });

  test('inline tags at the ends of a block belong to it', () => {
    const source = '<p><b>a</b> c <i>d</i></p>';
    const [block] = readDocument('a.htm', source).blocks;
    expect(source.slice(block?.start, block?.end)).toBe('<b>a</b> c <i>d</i>');
  });
});

test('plain text: paragraphs, items, underlined headings; nothing is markup', () => {
  expect(blocksOf('a.rst', '\ufeffTitle\n=====\n\na *b*\nc\n\n- d\n- e\n')).toEqual([
    ['heading1', 'Title'],
    ['paragraph', 'a *b* c'],
    ['item', '- d'],
    ['item', '- e'],
  ]);
  expect(blocksOf('LICENSE', 'MIT\n\nCopyright')).toEqual([
    ['paragraph', 'MIT'],
    ['paragraph', 'Copyright'],
  ]);
});

const PIECES = (
  '# |## |- |* |1. |> |>> |```|~~~|    |\t|`|``|**|_|[|](|)|]|![|<|>|</|<p>|<b>|<script>|<!--|-->|&amp;|&|;|\\|---|===|' +
  '[^a]|[^a]: |[b]: c|é|🎉|word|two words|a. B|: |"'
).split('|');
const soup = fc.array(
  fc.oneof(
    fc.constantFrom(...PIECES, '|', '\n', '\n', '\r\n', '\n\n', ' ', '\u00ad'),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  ),
  { maxLength: 80 },
);

function sound({ source, visible, blocks, spans }: Reading): void {
  expect(visible).toHaveLength(source.length);
  expect(visible.replace(/[^\n]/g, '.')).toBe(source.replace(/[^\n]/g, '.'));
  let at = 0;
  for (const { start, end, lines } of blocks) {
    expect(start).toBeGreaterThanOrEqual(at);
    expect(end).toBeGreaterThanOrEqual(start);
    at = end;
    for (const line of lines) {
      expect(line.start).toBeGreaterThanOrEqual(start);
      expect(line.end).toBeLessThanOrEqual(end);
    }
  }
  expect(at).toBeLessThanOrEqual(source.length);
  for (const { start, end } of spans) expect(source.slice(start, end)).not.toBe('');
}

test.each(['a.md', 'a.html', 'a.txt'])(
  'whatever stands in %s: lengths and line ends stay, blocks come in order',
  (path) => {
    fc.assert(
      fc.property(soup, (pieces) => sound(readDocument(path, pieces.join('')))),
      { numRuns: 500, examples: [[['<!--', '-->', '# ']], [['</', 'word', '  ', '\n']], [['a&#10;b\nc']]] },
    );
  },
);

test.each(PIECES.filter((piece) => piece !== ''))('a long run of %j takes linear time', (piece) => {
  for (const path of ['a.md', 'a.html']) {
    const started = process.cpuUsage();
    readDocument(path, piece.repeat(Math.ceil(200_000 / piece.length)));
    readDocument(path, `${piece} a\n\n`.repeat(30_000));
    const used = process.cpuUsage(started);
    expect((used.user + used.system) / 1e6).toBeLessThan(8);
  }
});
