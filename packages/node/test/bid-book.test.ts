import type { Need, State } from '@canswarm/kernel';
import {
  type Did,
  type EnvelopeId,
  type NeedId,
  type PayloadOf,
  presetParams,
  type VerifiedEnvelope,
  wholeTask,
} from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { BidBook } from '../src/bid-book.ts';

/** Keys without a credential, all with the bond free. */
const state = {
  params: presetParams('dev'),
  members: { get: () => undefined },
  accounts: { get: () => 1e9 },
} as unknown as State;
const scoring = { priceBps: 10_000, etaBps: 0, reputationBps: 0 };
const need = {
  body: { priceCap: 1000, seatFee: 1, trial: null, scoring, deadlineMs: 60_000 },
  level: 1,
  standings: null,
} as unknown as Need;

/** A bid by a key of this name; its id is the name. */
function hear(book: BidBook, name: string, price: number, named: readonly string[] = []) {
  const from = name as Did;
  const about = {
    need: 'need' as NeedId,
    round: 1,
    base: 0,
    price,
    etaMs: 1,
    planner: null,
    outbids: null,
    salt: null,
  };
  const payload = { verb: 'PROPOSE', from, body: { ...about, patch: [wholeTask(from, price)] } };
  const envelope = { id: name, payload } as unknown as VerifiedEnvelope;
  return book.add(envelope, payload as unknown as PayloadOf<'PROPOSE'>, {
    need,
    state,
    named: () => new Set(named as EnvelopeId[]),
    now: 0,
  });
}
const names = (book: BidBook) => book.all().map(({ id }) => id as string);

it('a flood of bids keeps out no better one, whatever came first', () => {
  const [early, late] = [new BidBook(1), new BidBook(1)];
  hear(early, 'good', 100);
  const flood = Array.from({ length: 100 }, (_, index) => `flood-${String(index).padStart(3, '0')}`);
  for (const name of flood) {
    hear(early, name, 900);
    hear(late, name, 900);
  }
  expect(hear(late, 'good', 100)).toBeNull();
  expect(names(early).sort()).toEqual(names(late).sort());
  expect(names(late)).toContain('good');
  expect(names(late)).toHaveLength(64);
  expect(hear(late, 'worse', 950)).toBe('bids_full');
});

it('what votes name stays, however good the others are', () => {
  const book = new BidBook(1);
  const first = Array.from({ length: 64 }, (_, index) => `first-${index}`);
  for (const name of first) hear(book, name, 900);
  expect(hear(book, 'good', 100, first)).toBe('bids_full');
  expect(hear(book, 'good', 100, first.slice(1))).toBeNull();
  expect(names(book)).not.toContain('first-0');
});
