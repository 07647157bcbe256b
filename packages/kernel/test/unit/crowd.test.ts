import type { Did } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { type Bidder, roomFor } from '../../src/duties/crowd.ts';
import type { EntityId } from '../../src/state.ts';

const params = { biddersPerNeed: 8 };
const bidder = (name: string, merit: number, own: Partial<Bidder> = {}): Bidder => ({
  did: name as Did,
  entity: `org:${name}` as EntityId,
  kind: 'work',
  merit: [merit],
  id: name,
  backed: () => true,
  needed: () => false,
  ...own,
});
const org = 'org:one' as EntityId;

/** Who stays when bidders come in this order. */
function staying(coming: readonly Bidder[], most = params): readonly string[] {
  let kept: readonly Bidder[] = [];
  for (const one of coming) {
    const dropped = roomFor(most, kept, one);
    if (dropped !== null) kept = [...kept.filter(({ did }) => !dropped.includes(did)), one];
  }
  return kept.map(({ did }) => did as string).sort();
}

it('there is room for so many keys, whatever entities they are of; the best stay in whatever order they come', () => {
  const crowd = Array.from({ length: 30 }, (_, index) => bidder(`k${String(index).padStart(2, '0')}`, index));
  const best = crowd.slice(-8).map(({ did }) => did as string);
  expect(staying(crowd)).toEqual(best);
  expect(staying([...crowd].reverse())).toEqual(best);
  expect(roomFor(params, crowd.slice(0, 7), bidder('more', 0))).toEqual([]);
});

it('of equals the smaller id stays, and later numbers decide where the first are equal', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => bidder(name, 1));
  const full = Array.from({ length: 7 }, (_, index) => bidder(`k${index}`, 9));
  if (a === undefined || b === undefined || c === undefined) throw new Error('three are made');
  expect(roomFor(params, [...full, b], a)).toEqual(['b']);
  expect(roomFor(params, [...full, b], c)).toBeNull();
  expect(roomFor(params, [...full, bidder('x', 1, { merit: [1, 5] })], bidder('y', 1, { merit: [1, 6] }))).toEqual([
    'x',
  ]);
});

it('the best of each entity stays before any other of its keys', () => {
  const many = Array.from({ length: 8 }, (_, index) => bidder(`many${index}`, 100 + index, { entity: org }));
  expect(roomFor(params, many, bidder('poor', 1))).toEqual(['many0']);
  expect(roomFor(params, many, bidder('more', 99, { entity: org }))).toBeNull();
  // Plans are another kind: the best of both stays.
  const plan = bidder('plan', 1, { entity: org, kind: 'plan' });
  expect(roomFor(params, [...many.slice(1), plan], bidder('poor', 0))).toEqual(['many1']);
});

it('a single entity has 64 places of each kind, whatever room is left', () => {
  const wide = { biddersPerNeed: 1000 };
  const full = Array.from({ length: 64 }, (_, index) => bidder(`k${index}`, 10, { entity: org }));
  expect(roomFor(wide, full, bidder('z', 10, { entity: org }))).toBeNull();
  expect(roomFor(wide, full, bidder('z', 11, { entity: org }))).toEqual(['k9']);
  expect(roomFor(wide, full, bidder('z', 1, { entity: org, kind: 'plan' }))).toEqual([]);
  expect(roomFor(wide, full, bidder('z', 1))).toEqual([]);
});

it('whose bond is gone makes room first, and what votes name stays', () => {
  const named = Array.from({ length: 8 }, (_, index) => bidder(`n${index}`, 1, { needed: () => true }));
  expect(roomFor(params, named, bidder('good', 9))).toBeNull();
  const [first, ...others] = named;
  if (first === undefined) throw new Error('eight are made');
  expect(roomFor(params, [...others, { ...first, backed: () => false }], bidder('bad', 0))).toEqual(['n0']);
  expect(roomFor(params, [...others, { ...first, needed: () => false }], bidder('good', 9))).toEqual(['n0']);
});
