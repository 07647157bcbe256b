import { describe, expect, it } from 'vitest';
import { checkLinearizable, readHistory, timeline } from '../../src/index.ts';
import { FREELY } from './histories.ts';

const post = (change: number, before: number, from = 'p'): readonly string[] => [
  JSON.stringify({ process: from, call: { on: 'balance', key: 'balance/free/ada', by: 'e', change } }),
  JSON.stringify({ process: from, answer: { before, after: before + change } }),
];

const history = (...lines: readonly string[]): string => ['{"format":"canswarm/history/1"}', ...lines, ''].join('\n');

/** What no order explains in a history. */
function badOf(text: string) {
  const { bad } = checkLinearizable(readHistory(text), FREELY);
  if (bad === null) throw new Error('an order explains it');
  return bad;
}

describe('the shortest beginning of calls that no order explains', () => {
  const lost = history(
    ...post(5, 0, 'p1'),
    ...post(3, 5, 'p2'),
    ...post(1, 5, 'p10'),
    ...post(1, 6, 'p3'),
    ...post(9, 7, 'p4'),
  );

  it('ends at the answer that none explains, and leaves out what came later', () => {
    const { culprit, order, stuck, state, isShortest, operations } = badOf(lost);
    expect(isShortest).toBe(true);
    expect(culprit).toMatchObject({ process: 'p10', called: 6, returned: 7, text: '+1 by e: 5 -> 6' });
    expect([order.map(({ process }) => process), state]).toEqual([['p1', 'p2'], '8']);
    expect(stuck).toEqual([culprit]);
    expect(operations.map(({ process }) => process)).toEqual(['p1', 'p2', 'p10']);
  });

  it('is drawn: a bar for each call, in rows of senders, green in its place and red where it has none', () => {
    const picture = timeline(badOf(lost));
    expect(picture.match(/<rect class="done"/g)).toHaveLength(2);
    expect(picture.match(/<rect class="stuck"/g)).toHaveLength(1);
    expect(picture.match(/process p\d+<\/text>/g)).toEqual([
      'process p1</text>',
      'process p2</text>',
      'process p10</text>',
    ]);
    expect(picture).toContain('no order explains it up to line 7');
    expect(picture).toContain('2: +3 by e: 5 -&gt; 8');
    expect(picture).not.toContain('left out');
  });

  it('is drawn only as far as it can be looked at', () => {
    const many = Array.from({ length: 100 }, (_, index) => post(1, index)).flat();
    const picture = timeline(badOf(history(...many, ...post(1, 7))));
    expect(picture.match(/<rect class="done"/g)).toHaveLength(59);
    expect(picture).toContain('41 more were done before, or never answered: left out.');
    expect(picture).toContain('+1 by e: 7 -&gt; 8');
  });
});
