import { asEnvelopeId } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { addUp, holdingsOf, ledgerOf, type Posting, worth } from '../../src/audit/ledger.ts';
import { SmallLog } from '../proof/small-log.ts';
import { crypto, example } from './example-log.ts';

const { log, need } = example;
const ledger = ledgerOf(log.genesis, log.entries, { crypto });
/** What an account paid for log space. */
const logFees = (postings: readonly Posting[], account: string): number =>
  postings
    .filter(({ code, debit }) => code === 'log_fee' && debit === account)
    .reduce((sum, { amount }) => sum + amount, 0);
const [worker, requester] = [log.worker.signer.did, log.requester.signer.did];

describe('ledger', () => {
  it('sums to zero and agrees with the state (P9)', () => {
    expect(ledger.sum).toBe(0n);
    expect(ledger.disagreements).toEqual([]);
    expect(ledger.broken).toBeNull();
    for (const [account, balance] of log.state.accounts) expect(ledger.balances.get(account) ?? 0).toBe(balance);
  });

  it('sums to zero after every single posting', () => {
    for (let count = 1; count <= ledger.postings.length; count += 1) {
      const sum = [...addUp(ledger.postings.slice(0, count)).values()].reduce((total, one) => total + one, 0);
      expect(sum).toBe(0);
    }
  });

  it('begins with what the genesis lists', () => {
    expect(ledger.postings.filter(({ position }) => position === 0)).toHaveLength(18);
    expect(ledger.postings[0]).toMatchObject({
      rule: 'genesis',
      debit: 'mint',
      credit: `free/${requester}`,
      amount: 10_000_000,
    });
  });

  it('shows what the need cost and where it went', () => {
    const before = worth(holdingsOf(ledger.postings, requester, 0));
    const after = worth(holdingsOf(ledger.postings, requester));
    // the price, a fee for each of the five plan seats, paid or burned, for each of three result seats that agreed, and one for plants
    const logs = logFees(ledger.postings, `free/${requester}`) + logFees(ledger.postings, `escrow/${need}`);
    expect(logs).toBeGreaterThan(0);
    expect(before - after).toBe(500_000 + 9 * 10_000 + logs);
    // two hundredths of the price are burned for its reputation
    const burned = 10_000 + logFees(ledger.postings, `free/${worker}`);
    expect(worth(holdingsOf(ledger.postings, worker))).toBe(20_500_000 - burned);
    expect(ledger.balances.get(`escrow/${need}`)).toBe(0);
  });

  it('knows whose a bond is while it is locked', () => {
    const locked = holdingsOf(ledger.postings, worker, 5);
    expect(locked.bonds).toBeGreaterThan(0);
    expect(worth(locked)).toBe(20_000_000);
    const seat = log.verifiers
      .map(({ signer }) => holdingsOf(ledger.postings, signer.did, 7))
      .find(({ reserve }) => reserve > 0);
    expect(seat).toBeDefined();
  });
});

describe('what a key set aside', () => {
  it('is its own until it is paid, charged or given back', () => {
    const own = new SmallLog();
    const [payer, payee] = [own.requester, own.worker];
    const postings = (): readonly Posting[] => ledgerOf(own.genesis, own.entries, { crypto }).postings;
    const parts = () => holdingsOf(postings(), payer.signer.did);
    const fees = (): number => logFees(postings(), `free/${payer.signer.did}`);
    const before = worth(parts());
    own.log(payer, null, 'UNBOND', { delegate: null, amount: 3_000_000 });
    const body = { to: payee.signer.did, amount: 2_000_000, periodMs: 60_000, create: false };
    const { id } = own.log(payer, null, 'ESCROW', body);
    expect(parts()).toMatchObject({ stake: 7_000_000, unbonding: 3_000_000, held: 2_000_000 });
    expect(parts().free).toBe(8_000_000 - fees());
    expect(worth(parts())).toBe(before - fees());
    own.log(payer, null, 'SETTLE', { escrow: asEnvelopeId(id), amount: 500_000 });
    expect(parts()).toMatchObject({ unbonding: 3_000_000, free: 9_500_000 - fees(), held: 0 });
    expect(worth(parts())).toBe(before - 500_000 - fees());
  });
});
