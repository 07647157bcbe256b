import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/paragraph/block.ts';
import { parseHtml } from '../../src/paragraph/html.ts';
import type { Syntax } from '../../src/paragraph/markup-lines.ts';
import { PASSAGE_LENGTH_MAX, passagesOf } from '../../src/paragraph/passages.ts';
import { parseProse } from '../../src/paragraph/prose.ts';

const cut = (text: string, blocks: readonly Block[]): string[] =>
  blocks.map(({ start, end }) => text.slice(start, end));
const prose = (text: string, syntax: Syntax = 'markdown'): string[] => cut(text, parseProse(text, syntax));
const html = (text: string): string[] => cut(text, parseHtml(text));
const passages = (text: string, withCode = false): string[] =>
  cut(text, passagesOf(text, parseProse(text, 'markdown'), withCode));

describe('prose', () => {
  it('is cut into paragraphs, items and rows; headings are context', () => {
    const text =
      '# One\n\nfirst\nline\n\n- item\n  goes on\n* other\n\nTwo\n---\n\n| a | b |\n|---|---|\n| c | d |\n\n1. last\n';
    expect(prose(text)).toEqual(['first\nline', 'item\n  goes on', 'other', '| c | d |', 'last']);
    expect(parseProse(text, 'markdown').map(({ headings }) => headings.join('/'))).toEqual([
      'One',
      'One',
      'One',
      'One/Two',
      'One/Two',
    ]);
  });

  it('leaves out what nobody reads for an answer', () => {
    const text =
      '---\ntitle: x\n---\n\n[![badge](https://b.org/i.svg)](https://b.org)\n\n- [Contents](#contents)\n\n<p align="center">\n' +
      '<!-- hidden\nstill hidden -->\n\n[ref]: https://b.org\n\n    indented()\n\n```\nfenced()\n```\n\nimport x from "y"\n\nwords\n</p>\n';
    expect(prose(text).filter((piece) => !piece.includes('fenced'))).toEqual(['words']);
  });

  it('quotes the inside of block quotes, and counts offsets over any line end and mark', () => {
    expect(prose('> one\n> two\r\n\r\nthree\r\nfour')).toEqual(['one\n> two', 'three\r\nfour']);
    expect(prose('\uFEFF# H\n\nwords')).toEqual(['words']);
    expect(prose('\uFEFFwords')).toEqual(['words']);
  });

  it('reads AsciiDoc and plain text by their own marks', () => {
    expect(prose('= Title\n\n== Part\n\nwords\n\n----\ncode\n----\n', 'asciidoc')).toEqual([
      'words',
      '----\ncode\n----',
    ]);
    expect(prose('Title\n=====\n\n    indented words\n\n* item\n\n# no heading here', 'plain')).toEqual([
      'indented words',
      'item',
      '# no heading here',
    ]);
  });
});

describe('HTML', () => {
  it('is cut between block tags; inline tags and entities stay in the quote', () => {
    expect(html('<h1>T</h1><p>one <b>two</b> &amp; three</p><ul><li>four<li>five</ul>six')).toEqual([
      'one <b>two</b> &amp; three',
      'four',
      'five',
      'six',
    ]);
    const [first] = parseHtml('<h1>T &lt;</h1><p>a&nbsp;&amp; <i>b</i></p>');
    expect(first).toMatchObject({ headings: ['T <'], text: 'a\u00a0& b' });
  });

  it('leaves out scripts, styles and menus, whatever they hold', () => {
    const text =
      '<script>if (a</b) x("<p>no</p>")</script><style>p{}</style><nav><p>menu</p></nav><svg><text>no</text></svg><p>yes</p>';
    expect(html(text)).toEqual(['yes']);
  });

  it('keeps source offsets over entities, CRLF and characters beyond the first plane', () => {
    const text = '\uFEFF<p>\r\n\u{1F600} caf\u00e9 &#x1F600;\r\nend </p>\r\n<div>next<div>inner</div>tail</div>';
    expect(html(text)).toEqual(['\u{1F600} caf\u00e9 &#x1F600;\r\nend', 'next', 'inner', 'tail']);
  });
});

describe('passages', () => {
  it('keep an announcement with what it announces', () => {
    expect(passages('Write to:\n\n- a@b.org\n- c@d.org\n\nnext paragraph')).toEqual([
      'Write to:\n\n- a@b.org\n- c@d.org',
      'next paragraph',
    ]);
  });

  it('join short neighbours, keep sections apart', () => {
    expect(passages('short one\n\nshort two\n\n# Next\n\nshort three')).toEqual([
      'short one\n\nshort two',
      'short three',
    ]);
    const long = 'word '.repeat(80).trim();
    expect(passages(`${long}\n\n${long}`)).toEqual([long, long]);
  });

  it('keep a short list whole and cut a long one into items', () => {
    expect(passages('- one thing\n- two things\n')).toEqual(['one thing\n- two things']);
    const item = 'thing '.repeat(60).trim();
    expect(passages(`- ${item}\n- ${item}\n`)).toEqual([item, item]);
  });

  it('cut what is too long between sentences, words or characters, never within a character', () => {
    const sentences = 'This is a sentence of some words. '.repeat(120).trim();
    for (const text of [sentences, 'word '.repeat(900), 'x'.repeat(4000), '\u{20000}'.repeat(2001)]) {
      const pieces = passages(`x${text}`);
      expect(pieces.every((piece) => piece.length <= PASSAGE_LENGTH_MAX && piece.isWellFormed())).toBe(true);
      expect(pieces.join('').replace(/\s/g, '')).toBe(`x${text}`.replace(/\s/g, ''));
    }
    expect(passages(sentences)[0]?.endsWith('words.')).toBe(true);
  });

  it('take code in only where it is asked for', () => {
    const text = 'Do this\n\n```js\nkettle.boil()\n```\n';
    expect(passages(text)).toEqual([]);
    expect(passages(`${text}and wait for it`, true)).toEqual([
      'Do this\n\n```js\nkettle.boil()\n```',
      'and wait for it',
    ]);
  });
});
