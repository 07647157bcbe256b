import type { Need, State } from '@canswarm/kernel';
import { type Did, type PayloadOf, presetParams, type VerifiedEnvelope } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { SealBook } from '../src/seal-book.ts';

/** Keys whose name begins with `org` are of that organisation; all have the bond free but `poor` ones. */
const entityOf = (did: string) => (did.startsWith('org') ? 'org' : 'unverified');
const poor = new Set<string>();
const rich = new Map<string, number>();
const points = new Map<string, number>();
const state = {
  params: presetParams('dev'),
  members: { get: (did: string) => ({ entity: entityOf(did) }) },
  accounts: {
    get: (account: string) => {
      const name = account.slice('free/'.length);
      return account.startsWith('free/') && !poor.has(name) ? (rich.get(name) ?? 1e9) : 0;
    },
  },
  delegations: new Map(),
  reputation: new Map([['work/brief', points]]),
} as unknown as State;
const body = { priceCap: 1000, seatFee: 1, trial: null, class: 'brief' };
const need = { body, level: 1, failed: new Set() } as unknown as Need;

const seal = (from: string, hash = 1) => {
  const payload = { verb: 'SEAL_BID', from: from as Did, body: { seal: Uint8Array.of(hash) } };
  const envelope = { id: `${from}/${hash}`, payload } as unknown as VerifiedEnvelope;
  return [envelope, payload as unknown as PayloadOf<'SEAL_BID'>] as const;
};
const hear = (book: SealBook, from: string, { hash = 1, inTime = true } = {}) =>
  book.add(...seal(from, hash), { need, state, inTime });
const idsOf = (envelopes: Iterable<VerifiedEnvelope>) => [...envelopes].map(({ id }) => id);

it('a hash counts once, and not at all where its key made another', () => {
  const book = new SealBook(1);
  expect([hear(book, 'ada'), hear(book, 'ada'), hear(book, 'bob')]).toEqual([null, 'older', null]);
  expect([hear(book, 'ada', { hash: 2 }), hear(book, 'ada', { hash: 3 })]).toEqual([null, 'older']);
  expect(idsOf(book.counting())).toEqual(['bob/1']);
  expect(book.of('ada' as Did)).toBeUndefined();
  // Both go on to others, who might have heard only one.
  expect(idsOf(book.all())).toEqual(['ada/1', 'ada/2', 'bob/1']);
});

it('what comes after the window counts only where none came before', () => {
  const [there, away] = [new SealBook(1), new SealBook(1)];
  hear(there, 'ada');
  expect(hear(there, 'bob', { inTime: false })).toBe('too_late');
  expect([hear(away, 'ada', { inTime: false }), hear(away, 'bob', { inTime: false })]).toEqual([null, null]);
});

it('keys of one entity take room from each other only, and whose bond is gone makes room', () => {
  const book = new SealBook(1);
  for (let index = 0; index < 64; index += 1) expect(hear(book, `stranger-${index}`)).toBeNull();
  expect(hear(book, 'zoe')).toBe('bids_full');
  expect(hear(book, 'org-key')).toBeNull();
  poor.add('stranger-7');
  expect(hear(book, 'zoe')).toBeNull();
  expect(book.counting()).toHaveLength(65);
});

it('a flood of keys keeps out none that has earned or owns more, whatever came first', () => {
  rich.set('flood-owner', 2e9);
  points.set('flood-earner', 1);
  const [early, late] = [new SealBook(1), new SealBook(1)];
  for (const name of ['flood-owner', 'flood-earner']) hear(early, name);
  for (let index = 100; index < 200; index += 1) for (const book of [early, late]) hear(book, `flood-${index}`);
  for (const name of ['flood-owner', 'flood-earner']) expect(hear(late, name)).toBeNull();
  expect(idsOf(early.counting()).sort()).toEqual(idsOf(late.counting()).sort());
  expect(idsOf(late.counting())).toEqual(expect.arrayContaining(['flood-owner/1', 'flood-earner/1']));
  expect(late.counting()).toHaveLength(64);
});

it('a bid that comes before its seal waits for it where one may still come, as many as seals are kept', () => {
  const bid = (from: string) =>
    ({ id: `${from}/bid`, payload: { verb: 'PROPOSE', from } }) as unknown as VerifiedEnvelope;
  const away = new SealBook(1);
  expect([away.hold(bid('ada'), { need, state }), away.hold(bid('ada'), { need, state })]).toEqual([true, false]);
  hear(away, 'bob', { inTime: false });
  expect(away.hold(bid('cyd'), { need, state })).toBe(true);
  expect([away.release('ada' as Did)?.id, away.release('ada' as Did)]).toEqual(['ada/bid', null]);
  for (let index = 0; index < 100; index += 1)
    away.hold(bid(`stranger-${String(index).padStart(3, '0')}`), { need, state });
  const waiting = Array.from({ length: 100 }, (_, index) => `stranger-${String(index).padStart(3, '0')}`);
  expect(waiting.filter((name) => away.release(name as Did) !== null)).toHaveLength(63);
  const there = new SealBook(1);
  hear(there, 'bob');
  expect(there.hold(bid('ada'), { need, state })).toBe(false);
});
