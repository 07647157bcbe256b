import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/apply.ts';
import { createState } from '../../src/genesis-state.ts';
import { stateRoot } from '../../src/state-root.ts';
import { ACTS_WEIGHED, Chaos, type Deed } from '../support/chaos.ts';
import { sha256 } from '../support/keys.ts';
import type { World } from '../world.ts';

const deed: fc.Arbitrary<Deed> = fc.record({
  act: fc.constantFrom(...ACTS_WEIGHED),
  a: fc.nat(1000),
  b: fc.nat(1000),
  c: fc.nat(1000),
});

/** The dumbest ledger: what the genesis lists, and every posting ever made, added up. */
function addedUp({ genesis, applied }: World): ReadonlyMap<string, bigint> {
  const balances = new Map<string, bigint>([
    ['mint', 0n],
    ['burn', 0n],
  ]);
  const move = (debit: string, credit: string, amount: number): void => {
    balances.set(debit, (balances.get(debit) ?? 0n) - BigInt(amount));
    balances.set(credit, (balances.get(credit) ?? 0n) + BigInt(amount));
  };
  for (const { did, free, stake } of genesis.accounts) {
    move('mint', `free/${did}`, free);
    move('mint', `stake/${did}`, stake);
  }
  for (const { events } of applied) {
    for (const event of events) if (event.type === 'posting') move(event.debit, event.credit, event.amount);
  }
  return balances;
}

function sameLedger(world: World): void {
  const model = addedUp(world);
  const accounts = new Set([...model.keys(), ...world.state.accounts.keys()]);
  for (const account of accounts)
    expect([account, BigInt(world.balance(account as never))]).toEqual([account, model.get(account) ?? 0n]);
  expect([...model.values()].reduce((sum, balance) => sum + balance, 0n)).toBe(0n);
}

function sameReplay(world: World): void {
  const again = createState(world.genesis, sha256);
  for (const entry of world.entries) apply(again, entry, sha256);
  expect(again.digest).toEqual(world.state.digest);
  expect(stateRoot(again, sha256)).toBe(world.root());
}

/** The same courses each time; `CHAOS_RUNS=5000 npx vitest run packages/kernel/test/property` looks for others, longer. */
const WANTED = process.env['CHAOS_RUNS'];
const RUNS = Number(WANTED ?? 60);
const COURSES = WANTED === undefined ? { seed: 1, endOnFailure: true } : { endOnFailure: true };
const deeds = fc.array(deed, { minLength: 120, maxLength: 200, size: 'max' });

function run(list: readonly Deed[]): Chaos {
  const chaos = new Chaos();
  for (const one of list) chaos.do(one);
  return chaos;
}

describe('many keys doing anything to many needs', () => {
  const far = new Set<string>();

  it('break no invariant and stop no node; the ledger is what all postings add up to', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const { world } = run(list);
        sameLedger(world);
        for (const { events } of world.applied) for (const event of events) far.add(event.type);
      }),
      { numRuns: RUNS, ...COURSES },
    );
  });

  it('get far: whole lives, failures, challenges and slashes are among what they do', () => {
    for (const type of [
      'member_left',
      'unbonding_over',
      'escrow_settled',
      'finalized',
      'undecided',
      'challenge_judged',
      'slashed',
      'bidding_reopened',
      'lease_lost',
    ]) {
      expect(far).toContain(type);
    }
  });

  it('leave nothing open when they stop, and the same log is the same state again', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const chaos = run(list);
        const { world } = chaos;
        const took = chaos.toEnd();
        // the longest deadline, then a judgement with all its redraws, waits and windows
        expect(took).toBeLessThan(90_000 + 60_000 + 60_000);
        sameLedger(world);
        const kinds = [...world.state.accounts.keys()].map((account) => account.split('/')[0] ?? '');
        expect([...new Set(kinds)].sort()).toEqual(['burn', 'free', 'mint', 'stake']);
        expect(world.state.timers.started.size + world.state.timers.unstarted.size).toBe(0);
        sameReplay(world);
      }),
      { numRuns: Math.ceil(RUNS / 4), ...COURSES },
    );
  });
});
