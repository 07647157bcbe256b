import { expect, it } from 'vitest';
import { counts, whyLost } from '../../src/need/why-lost.ts';

const bid = (price: number, code: string | null, detail: string | null = null) => ({
  price,
  lost: code === null ? null : { code, detail },
});

it('says nothing where a bid counted, whatever became of others, or where none came', () => {
  expect(whyLost([bid(3, 'over_cap'), bid(2, 'outscored'), bid(1, null)], [])).toEqual([]);
  expect(whyLost([], [])).toEqual([]);
  expect([bid(1, null), bid(1, 'outscored'), bid(1, 'late')].map(counts)).toEqual([true, true, false]);
});

it('names each cause once, the one of most bids first, with the least that was asked', () => {
  const unfit = bid(9, 'unfit', 'eta after the deadline');
  expect(whyLost([unfit, bid(7, 'over_cap'), bid(5, 'over_cap')], [])).toEqual([
    { cause: 'over_cap', bids: 2, least: 5, detail: null },
    { cause: 'unfit', bids: 1, least: 9, detail: 'eta after the deadline' },
  ]);
});

it('tells of what was refused after what was kept, of one cause once', () => {
  const refused = [
    { code: 'bond_lacking', bidders: 3 },
    { code: 'over_cap', bidders: 1 },
  ];
  expect(whyLost([bid(7, 'over_cap')], refused)).toEqual([
    { cause: 'over_cap', bids: 1, least: 7, detail: null },
    { cause: 'bond_lacking', bids: 3, least: null, detail: null },
  ]);
});
