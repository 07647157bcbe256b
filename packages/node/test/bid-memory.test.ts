import type { State, View } from '@canswarm/kernel';
import type { NeedId, Payload, VerifiedEntry } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { BidMemory } from '../src/bid-memory.ts';

const id = 'need' as NeedId;
const needs = new Map([[id, { id, phase: 'bidding', round: 2 }]]);
const state = { needs } as unknown as State;
const said = (verb: string, from: string, thread: string | null = id) => ({ verb, from, thread }) as unknown as Payload;
const silent = { proposals: () => [], bidSeals: () => [] } as unknown as View;

it('counts the keys whose bids on a need in bidding were refused, by why; what says nothing of a bid is left out', () => {
  const memory = new BidMemory();
  memory.noteRefused(said('PROPOSE', 'ada'), state, 'bond_lacking');
  memory.noteRefused(said('SEAL_BID', 'ada'), state, 'bond_lacking');
  memory.noteRefused(said('PROPOSE', 'bob'), state, 'bond_lacking');
  memory.noteRefused(said('PROPOSE', 'bob'), state, 'bid_unfit');
  memory.noteRefused(said('PROPOSE', 'bob'), state, 'older');
  memory.noteRefused(said('ATTEST', 'bob'), state, 'not_seated');
  memory.noteRefused(said('PROPOSE', 'bob', 'other'), state, 'bid_unfit');
  expect(memory.refused(id)).toEqual([
    { code: 'bond_lacking', bidders: 2 },
    { code: 'bid_unfit', bidders: 1 },
  ]);
  expect(memory.refused('other' as NeedId)).toEqual([]);
});

it('is bounded, by needs and by keys', () => {
  const memory = new BidMemory();
  for (let index = 0; index < 300; index += 1) memory.noteRefused(said('PROPOSE', `k${index}`), state, 'too_late');
  expect(memory.refused(id)).toEqual([{ code: 'too_late', bidders: 256 }]);
  for (let index = 0; index < 512; index += 1) {
    needs.set(`n${index}` as NeedId, { id, phase: 'bidding', round: 1 });
    memory.noteRefused(said('PROPOSE', 'ada', `n${index}`), state, 'too_late');
  }
  expect(memory.refused(id)).toEqual([]);
  expect(memory.refused('n511' as NeedId)).toHaveLength(1);
});

it('remembers nothing of an auction of which nothing was heard', () => {
  const memory = new BidMemory();
  const payload = { verb: 'DECIDE', body: { need: 'unknown' } };
  memory.noteApplying({ envelope: { payload } } as unknown as VerifiedEntry, state, silent);
  expect(memory.auction('unknown' as NeedId)).toBeNull();
});
