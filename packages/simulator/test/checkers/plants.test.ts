import { type Did, plantMark } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import type { Checker, Fault } from '../../src/checkers/checker.ts';
import { repaidPlants } from '../../src/checkers/repaid-plants.ts';
import { sha256 } from '../support.ts';
import { broken, genesis, type Said } from './story.ts';

const [requester, worker] = genesis.members.map(({ did }) => did) as [Did, Did];
const SALT = new Uint8Array(32).fill(7);
const need: Said = {
  verb: 'NEED',
  id: 'n',
  from: requester,
  body: { class: 'quote', mark: plantMark({ requester, worker, salt: SALT }, sha256) },
};
const lost = (reason: string): Said => ({ events: [{ type: 'lease_lost', need: 'n', holder: worker, reason }] });
const opened = (salt = SALT): Said => ({
  verb: 'PLANT',
  from: worker,
  body: { need: 'n', salt },
  events: [{ type: 'plant_opened', need: 'n', worker }],
});
const posting = (code: string, debit: string, credit: string, amount: number): object => ({
  type: 'posting',
  code,
  debit,
  credit,
  amount,
});
const burned: Said = { events: [posting('bond_burned', `bond/work/n/${worker}`, 'burned', 100)] };
const levied: Said = { events: [posting('plant_levy', 'escrow/n', 'fund/plants', 1_000)] };
/** Enough needs of the class for one plant. */
const others: readonly Said[] = Array.from({ length: 20 }, (_, index) => ({
  ...need,
  id: `other ${index}`,
  events: [{ type: 'need_settled', need: `other ${index}` }],
}));
const repaid = (cost: number, paid: number): Said => ({
  events: [
    posting('plant_repaid', 'fund/plants', `free/${worker}`, paid),
    { type: 'plant_repaid', need: 'n', worker, cost, paid },
  ],
});

describe('of plants a checker finds', () => {
  const make = (fault: Fault): Checker => repaidPlants(fault, genesis, sha256);
  const find = (...said: readonly Said[]) => broken(make, need, ...said);
  const before = [...others, lost('failed'), burned, levied];

  it('one that was none, was not judged wrong, or is opened twice', () => {
    expect(find(lost('failed'), opened(new Uint8Array(32)))).toEqual(['P20']);
    expect(find(opened())).toEqual(['P20']);
    expect(find(lost('expired'), lost('failed'), opened())).toEqual(['P20']);
    expect(find(lost('failed'), opened(), opened())).toEqual(['P20']);
  });

  it('one that is repaid unopened, twice, or more than it cost, than is there, or than one of many', () => {
    expect(find(...before, repaid(100, 50))).toEqual(['P20']);
    expect(find(...before, opened(), repaid(100, 10), repaid(100, 10))).toEqual(['P20']);
    expect(find(...before, opened(), repaid(101, 50))).toEqual(['P20']);
    expect(find(...before, opened(), repaid(100, 51))).toEqual(['P20']);
    expect(find(...others, lost('failed'), burned, opened(), repaid(100, 50))).toEqual(['P20']);
    expect(find(lost('failed'), burned, levied, opened(), repaid(100, 50))).toEqual(['P20']);
  });

  it('nothing where half of the cost comes back once', () => {
    expect(find(...before, opened(), repaid(100, 50))).toEqual([]);
    expect(find(lost('overturned'), burned, opened(), repaid(100, 0))).toEqual([]);
  });
});
