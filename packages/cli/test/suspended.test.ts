import type { Account, Pool } from '@canswarm/api';
import { describe, expect, it } from 'vitest';
import { poolText } from '../src/commands/pool.ts';
import { accountText } from '../src/money/account-text.ts';
import { fakeIo } from './fake-io.ts';

const keyOf = (name: string, suspended: boolean) => ({
  ...{ did: `did:key:z${name}` as never, name, stake: 1_000_000, own: 1_000_000, free: 1_000_000, seats: 0 },
  suspended,
});

const poolWith = (suspended: readonly string[]): Pool => ({
  ...{ position: 9, logTime: 0, active: 3, k: [1], least: 1, relaxed: false, lacks: [], bootstrap: null },
  ...{ pendingDraws: 0, committees: 0, away: [] },
  entities: ['ada', 'bob', 'eve'].map((name) => ({
    ...{ entity: `org:${name}-co`, asn: 1, region: 'eu', weight: 1, standing: 10_000 },
    keys: [keyOf(name, suspended.includes(name))],
  })),
});

const accountOf = (own: Pick<Account, 'active' | 'suspended'>): Account => ({
  ...{
    did: 'did:key:zada' as never,
    name: 'ada',
    org: 'ada-co',
    position: 9,
    free: 0,
    withheld: 0,
    stake: 0,
    reserve: 0,
  },
  ...{ silences: 0, unbondings: [], delegations: [], escrows: [], reputation: [] },
  ...own,
});

describe('the text of', () => {
  it('pool names who is suspended, and says nothing of it where nobody is', () => {
    const told = poolText(fakeIo(), poolWith(['ada', 'eve']));
    expect(told.split('\n')).toContain('suspended until they conform: ada, eve');
    expect(poolText(fakeIo(), poolWith([]))).not.toContain('suspended');
  });

  it.each([
    [true, true, 'suspended until it conforms'],
    [false, true, 'suspended until it conforms'],
    [true, false, 'can be drawn'],
    [false, false, 'is not drawn'],
    [null, false, 'no verifier'],
  ])('stake show of a key that is active: %s, suspended: %s, says: %s', (active, suspended, said) => {
    const [head] = accountText(accountOf({ active, suspended })).split('\n');
    expect(head).toBe(`ada, ada-co, ${said}`);
  });
});
