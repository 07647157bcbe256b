import { describe, expect, it } from 'vitest';
import { parseQuestion } from '../../src/paragraph/question.ts';
import { similarTo } from '../../src/paragraph/thesaurus.ts';
import { stem, termsOf, wordsOf } from '../../src/paragraph/words.ts';

describe('stem', () => {
  it.each([
    ['vulnerability', 'vulnerabilities'],
    ['report', 'reporting', 'reported', 'reports', 'reporter'],
    ['parse', 'parsing', 'parsed', 'parser', 'parsers'],
    ['configure', 'configuration', 'configurations', 'configuring'],
    ['stop', 'stopped', 'stopping', 'stops'],
    ['box', 'boxes'],
  ])('brings the forms of %s together', (word, ...forms) => {
    expect(forms.map(stem)).toEqual(forms.map(() => stem(word)));
  });

  it('leaves short words and other alphabets alone', () => {
    expect(['is', 'bus', 'css', 'naïve', 'водой'].map(stem)).toEqual(['is', 'bus', 'css', 'naïve', 'водой']);
  });
});

describe('terms', () => {
  it('of a compound name are the name and its parts', () => {
    expect(termsOf('requiredOption')).toEqual({
      whole: stem('requiredoption'),
      parts: [stem('required'), stem('option')],
    });
    expect(termsOf('readable-stream').whole).toBe(termsOf('ReadableStream').whole);
    expect(wordsOf('p-queue, set_cookie -- x')).toEqual(['p-queue', 'set_cookie', 'x']);
  });

  it('of scripts without spaces are pairs of characters; letters alone and data are none', () => {
    expect(termsOf('水を沸').parts).toEqual(['水を', 'を沸']);
    expect(termsOf('x')).toEqual({ parts: [] });
    expect(termsOf('a'.repeat(65))).toEqual({ parts: [] });
  });
});

describe('a question', () => {
  const formsOf = (question: string): string[] =>
    parseQuestion(question).notions.flatMap(({ forms }) => [...forms.keys()]);

  it('asks for its content words and their other names', () => {
    expect(formsOf('How do I turn on the lights?')).toEqual(expect.arrayContaining(['light', stem('enable')]));
    expect(formsOf('How do I turn on the lights?')).not.toContain('how');
    expect(similarTo('mandatori')).toContain(stem('required'));
  });

  it('is bounded however long it is', () => {
    const words = Array.from({ length: 5000 }, (_, index) => `word${index}x`).join(' ');
    expect(parseQuestion(words).notions.length).toBeLessThan(100);
  });
});
