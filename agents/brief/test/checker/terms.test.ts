import { describe, expect, it } from 'vitest';
import { Segmenter } from '../../src/checker/segment.ts';
import { Terms } from '../../src/checker/terms.ts';

const encoder = new TextEncoder();

describe('Terms', () => {
  it.each([
    ['report vulnerabilities', 'To report a vulnerability', 0b11],
    ['Reporting', 'reports', 0b1],
    ['required option', '`requiredOption()`', 0b11],
    ['p-queue', 'the p-queue', 0b11],
    ['p-queue', 'the queue', 0b01],
    ['readable-stream', 'a stream', 0b010],
    ['cid', 'CIDs', 0b1],
    ['cat', 'category', 0],
    ['formal', 'form', 0b1],
    ['formality', 'formidable', 0],
    ['Ünïcode', 'ünïcodes', 0b1],
    ['水を', '魚と水を', 0b1],
    ['“quoted” words…', 'words “quoted”', 0b11],
  ])('of %j in %j', (question, text, mask) => {
    expect(new Terms(question).maskOf(text)).toBe(mask);
  });

  it('pass over addresses, tags, comments and entities', () => {
    const terms = new Terms('secret');
    const text = 'https://secret.org/secret [x](secret) <a href="secret"> <!-- secret --> &secret; a < b';
    expect(terms.maskOf(text)).toBe(0);
    expect(terms.maskOf('[secret](x) <b>secret</b>')).toBe(1);
  });

  it('are at most 24, and the words of grammar when there are no others', () => {
    expect(new Terms(Array.from({ length: 99 }, (_, index) => `word${index}`).join(' ')).count).toBe(24);
    expect(new Terms('what is it').count).toBe(3);
    expect(new Terms('?!').count).toBe(0);
  });
});

describe('Segmenter', () => {
  const segments = (text: string): string[] => {
    const bytes = encoder.encode(text);
    const kept: string[] = [];
    const terms = new Terms('kettle');
    const segmenter = new Segmenter(terms, {
      count: () => undefined,
      keep: ({ start, end, context }) => kept.push(`${context}:${text.slice(start, end).trim()}`),
      section: () => undefined,
    });
    segmenter.document(0, bytes, 0);
    return kept;
  };

  it('cuts by lines, keeps headings for context, passes over code and lists of links', () => {
    const text =
      '# Kettle\n\nThe kettle boils.\nAnd whistles.\n\n- one kettle\n- [kettle](#kettle)\n\n```\nkettle()\n```\n\n' +
      '| kettle | box |\n|--|--|\n\nOther\n-----\n\n> kettle again\n\n# Next\n\nkettle last\n';
    expect(segments(text)).toEqual([
      '1:The kettle boils.\nAnd whistles.',
      '1:- one kettle',
      '1:| kettle | box |',
      '1:kettle again',
      '0:kettle last',
    ]);
  });

  it('cuts HTML by block tags and leaves scripts out', () => {
    const text =
      '<h1>The kettle</h1><p>one kettle<p>no <b>kettle</b> here<script>if (a<b) kettle()</script><nav>kettle</nav><p>end of kettle</p>';
    expect(segments(text).map((kept) => kept.replace(/<[^<>]*>/g, '|'))).toEqual([
      '1:one kettle|',
      '1:no |kettle| here|',
      '1:end of kettle|',
    ]);
  });

  it('cuts a document of one line', () => {
    expect(segments('kettle and water '.repeat(1000)).length).toBe(25);
  });
});
