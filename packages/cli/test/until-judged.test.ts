import type { Plant } from '@canswarm/api';
import { expect, it } from 'vitest';
import { untilJudged } from '../src/plant/until-judged.ts';
import { fakeIo } from './fake-io.ts';

const at = (stage: Plant['stage'], opened = false): Plant =>
  ({ number: 1, stage, opened, verdict: stage === 'judged' ? 'fail' : null }) as Plant;

/** A node whose plant is one of these at each look. */
const showing = (plants: readonly Plant[]) => {
  const left = [...plants];
  return {
    plant: async () => {
      const next = left.shift();
      if (next === undefined) throw new Error('it looks on after the end');
      return next;
    },
  };
};

it('says each stage once, in the order that they come, and leaves the last to be told by who waits', async () => {
  const io = fakeIo();
  const judged = at('judged', true);
  const client = showing([at('funding'), at('posted'), at('hired'), at('delivered'), at('judged'), judged]);
  expect(await untilJudged(io, client, at('funding'))).toBe(judged);
  expect(io.err.text.split('\n')).toEqual([
    'plant 1: its keys get credits',
    'plant 1: its need is posted and takes bids',
    'plant 1: its worker is hired',
    'plant 1: its seats judge what is wrong',
    'plant 1: it was judged fail',
    '',
  ]);
});

it.each(['settled', 'refused', 'outbid', 'unfunded'] as const)('ends where it is %s', async (stage) => {
  const io = fakeIo();
  expect(await untilJudged(io, showing([at(stage)]), at('posted'))).toMatchObject({ stage });
  expect(io.err.text).toBe('plant 1: its need is posted and takes bids\n');
});

it('ends as it is when whoever waits is interrupted', async () => {
  const io = fakeIo();
  io.interrupt();
  expect(await untilJudged(io, showing([]), at('hired'))).toMatchObject({ stage: 'hired' });
});
