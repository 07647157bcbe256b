import { describe, expect, test } from 'vitest';
import { readQuestion } from '../../src/sentence/question.ts';
import { stem } from '../../src/sentence/stem.ts';
import { eachWord, termsOf } from '../../src/sentence/words.ts';

describe('stems', () => {
  test.each([
    'report reports reported reporting',
    'vulnerability vulnerabilities vulnerable vuln',
    'configure configures configured configuring configuration config',
    'install installs installed installing installation',
    'validate validates validating validation',
    'use uses used using',
    'stop stops stopped stopping',
    'license licence licensed',
    'directory directories folder folders',
    'cancel canceled cancelled cancelling cancellation',
    'security secure',
    'process processes processing',
  ])('one for %s', (words) => {
    expect(new Set(words.split(' ').map(stem)).size).toBe(1);
  });

  test.each(['use user', 'port report', 'string strong', 'this thing', 'test text', 'class close'])(
    'different for %s',
    (words) => {
      expect(new Set(words.split(' ').map(stem)).size).toBe(2);
    },
  );
});

test.each([
  ['queue', 'queu', []],
  ['p-queue', 'pqueu', ['queu']],
  ['maxRetries', 'maxretr', ['maximum', 'retr']],
  ['HTMLParser', 'htmlpars', ['html', 'pars']],
  ['node.js', 'nodej', ['nod', 'javascript']],
  ["package's", 'packag', []],
  ['日本語', '日本語', ['日本', '本語']],
  ['so\u00adft', 'soft', []],
  ['x'.repeat(101), null, []],
])('terms of %j', (word, whole, parts) => {
  expect(termsOf(word)).toEqual({ whole, parts });
});

test('words are found whole, with their places, and markup inside them does not divide them', () => {
  const found: [string, number][] = [];
  const count = eachWord("Don't use p-queue, v1.2 — or\u00ad**\u00ad?", 0, 40, (word, at) => {
    found.push([word, at]);
    return undefined;
  });
  expect(found.slice(0, 4)).toEqual([
    ["Don't", 0],
    ['use', 6],
    ['p-queue', 10],
    ['v1.2', 19],
  ]);
  expect(count).toBe(5);
});

describe('questions', () => {
  test('telling words only, each once, and a term for the words of like meaning', () => {
    const question = readQuestion('How do I report a security vulnerability, and report it to whom?');
    expect(question.terms).toEqual(['report', 'secur', 'vulnerabl', 'like report', 'like secur', 'like vulnerabl']);
    expect(question.concepts).toEqual([
      { whole: 0, parts: [], kin: 3 },
      { whole: 1, parts: [], kin: 4 },
      { whole: 2, parts: [], kin: 5 },
    ]);
  });

  test('a question of stop words is taken at its words', () => {
    expect(readQuestion('what is it?').terms.length).toBeGreaterThan(0);
    expect(readQuestion('???').terms).toEqual([]);
  });

  test.each([
    ['How do I install it?', true],
    ['What should I do first?', true],
    ['What is the default port?', false],
    ['Which license is it under?', false],
  ])('%s asks for a way: %s', (text, howTo) => {
    expect(readQuestion(text).howTo).toBe(howTo);
  });

  test('matches words as documents write them', () => {
    const { match } = readQuestion('remove a folder');
    expect(match('Deleting')).toEqual([0]);
    expect(match('directories')).toEqual([1]);
    expect(match('rmDirectory')).toEqual([1]);
    expect(match('moved')).toEqual([]);
  });
});
