import { createRequire } from 'node:module';
import fc from 'fast-check';
import type * as Okapi from 'okapibm25';
import { describe, expect, it } from 'vitest';
import { dueBps } from '../../src/checker/bound.ts';
import { measure } from '../../src/checker/measure.ts';
import { logRatio, Scorer } from '../../src/checker/score.ts';
import { Terms } from '../../src/checker/terms.ts';

// Required, not imported: a CommonJS module whose default export runners unwrap differently.
const okapi: (typeof Okapi)['default'] = createRequire(import.meta.url)('okapibm25');
const encoder = new TextEncoder();

describe('logRatio', () => {
  it('is log2 in 1024ths, rounded down', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), fc.integer({ min: 1, max: 2 ** 40 }), (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const exact = Math.log2(high / low) * 1024;
        expect(logRatio(high, low)).toBeLessThanOrEqual(exact + 1e-3);
        expect(logRatio(high, low)).toBeGreaterThan(exact - 1.001);
      }),
    );
    expect([logRatio(1, 1), logRatio(2, 1), logRatio(1024, 1)]).toEqual([0, 1024, 10_240]);
  });
});

describe('Scorer', () => {
  // Words of which none begins with another, so that both libraries count alike; passages of one length, below which ours
  // takes any passage for average.
  const vocabulary = ['kettle', 'water', 'handle', 'spout', 'whistle', 'copper', 'boiling', 'garden'];
  const passages = fc.array(fc.array(fc.constantFrom(...vocabulary), { minLength: 8, maxLength: 8 }), {
    minLength: 2,
    maxLength: 12,
  });

  it('scores as okapibm25 does, but for rounding and the unit', () => {
    fc.assert(
      fc.property(passages, fc.subarray(vocabulary, { minLength: 1, maxLength: 4 }), (texts, query) => {
        const terms = new Terms(query.join(' '));
        const measured = texts.map((words) => measure(terms, encoder.encode(words.join(' ')), 0));
        const holding = query.map((_, term) => measured.filter(({ counts }) => (counts[term] ?? 0) > 0).length);
        const scorer = new Scorer({ passages: texts.length, words: texts.length * 8, holding });
        const reference = okapi.default(
          texts.map((words) => words.join(' ')),
          query,
          { k1: 1.2, b: 0.3 },
        );
        measured.forEach((passage, index) => {
          const bits = Number(reference[index]) / Math.LN2;
          expect(Math.abs(scorer.score(passage) / 1024 - bits)).toBeLessThan(0.01);
        });
      }),
    );
  });

  it('takes a bare headline for no better than a passage, and counts what stands above in part', () => {
    const terms = new Terms('boil water');
    const scorer = new Scorer({ passages: 100, words: 2000, holding: [5, 5] });
    const score = (text: string, context = 0): number => scorer.score(measure(terms, encoder.encode(text), context));
    expect(score('Boiling water')).toBe(score('One fills the kettle to boil some water in it'));
    expect(score('fill the kettle', 0b11)).toBeGreaterThan(0);
    expect(score('fill the kettle', 0b11)).toBeLessThan(score('boil the water'));
    expect(score('boil the water', 0b11)).toBe(score('boil the water'));
    expect(score('fill the kettle')).toBe(0);
  });
});

describe('dueBps', () => {
  it('demands less where the documents hardly speak of the question', () => {
    expect([0, 3500, 5000, 6500, 10_000].map((coverage) => dueBps(2000, coverage))).toEqual([0, 0, 1000, 2000, 2000]);
  });
});
