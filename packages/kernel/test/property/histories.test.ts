import { isLogVerb, isVerb, VERBS } from '@canswarm/protocol';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/apply.ts';
import { createState } from '../../src/genesis-state.ts';
import type { Law } from '../world.ts';
import { MODELLED_VERBS } from './model/law.ts';
import { type Counterexample, type Report, run } from './run.ts';
import { OUT_OF_REACH } from './tally.ts';

const RUNS = 1000;
const POLICED_RUNS = 400;
const LONG_MS = 900_000;

/** The same histories each time; the command plays more of them, and others. */
const reports = new Map<boolean, Report>();
function played(policed = false): Report {
  const report = reports.get(policed) ?? run({ runs: policed ? POLICED_RUNS : RUNS, seed: 1, policed });
  reports.set(policed, report);
  return report;
}

const told = (counterexample: Counterexample | null): readonly string[] =>
  counterexample === null
    ? []
    : [...counterexample.findings.map(({ property, detail }) => `${property}: ${detail}`), ...counterexample.lines];

describe('many keys doing anything to many needs', () => {
  it(
    'break no property, and the law and the model say the same of every entry',
    () => {
      const { tally, counterexample } = played();
      expect(told(counterexample)).toEqual([]);
      expect(tally.histories).toBe(RUNS);
    },
    LONG_MS,
  );

  it('get far: whole lives, failures, challenges and slashes are among what they do', () => {
    const { tally } = played();
    const least = {
      finalized: 60,
      undecided: 20,
      'lease_lost.expired': 20,
      'lease_lost.yielded': 10,
      'lease_lost.released': 5,
      'lease_lost.failed': 20,
      'lease_lost.overturned': 20,
      'challenge_judged.upheld': 50,
      'challenge_judged.dismissed': 50,
      challenge_lapsed: 20,
      slashed: 50,
      bidding_reopened: 20,
      seat_silent: 50,
      seals_recorded: 50,
      votes_opened: 20,
      'certified.sealed': 10,
      member_inactive: 10,
      member_left: 20,
      unbonding_over: 20,
      escrow_settled: 20,
      'need_closed.cancelled': 20,
      'need_closed.expired': 20,
      need_settled: 100,
      plan_adopted: 50,
      plan_conflict: 2,
      task_done: 10,
      task_failed: 20,
    };
    const rare = Object.entries(least).filter(([event, times]) => tally.of(event) < times);
    expect(rare.map(([event]) => `${event}: ${tally.of(event)}`)).toEqual([]);
  });

  it(
    'say everything that can be said in a log, rightly and wrongly',
    () => {
      const verbs = Object.keys(VERBS).filter((name) => isVerb(name) && isLogVerb(name));
      expect([...MODELLED_VERBS].sort()).toEqual(verbs.sort());
      const lacking = (policed: boolean) =>
        MODELLED_VERBS.flatMap((verb) => [`${verb}.accepted`, `${verb}.refused`]).filter(
          (one) => !played(policed).tally.outcomes.has(one),
        );
      expect(lacking(false)).toEqual(['POLICY.accepted', 'POLICY.refused']);
      expect(lacking(true)).not.toContain('POLICY.accepted');
      expect(lacking(true)).not.toContain('POLICY.refused');
    },
    LONG_MS,
  );

  it(
    'are refused for every reason that an entry can be refused for',
    () => {
      const beyond = new Set(played(true).tally.unreached);
      const unreached = played().tally.unreached.filter((code) => beyond.has(code));
      expect([...unreached].sort()).toEqual(Object.keys(OUT_OF_REACH).sort());
    },
    LONG_MS,
  );
});

describe('many keys doing anything under a policy', () => {
  it(
    'are asked about as the model says, of the policy of the epoch, and break no property',
    () => {
      const { tally, counterexample } = played(true);
      expect(told(counterexample)).toEqual([]);
      expect(tally.histories).toBe(POLICED_RUNS);
    },
    LONG_MS,
  );

  it('get far: policies come and go, deny, and results that they deny are overturned', () => {
    const { tally } = played(true);
    const least = {
      policy_changed: 200,
      committed: 200,
      need_settled: 100,
      'challenge_judged.upheld': 20,
      finalized: 5,
    };
    const rare = Object.entries(least).filter(([event, times]) => tally.of(event) < times);
    expect(rare.map(([event]) => `${event}: ${tally.of(event)}`)).toEqual([]);
    expect(tally.codes.get('policy_denied')).toBeGreaterThan(100);
    expect(tally.codes.get('policy_unfit')).toBeGreaterThan(20);
  });
});

describe('a law that is broken', () => {
  /** Whoever is sent credits gets one more. */
  const generous: Law = {
    createState,
    apply(state, entry, sha256) {
      const applied = apply(state, entry, sha256);
      const { payload } = entry.envelope;
      if (payload.verb !== 'TRANSFER' || !applied.outcome.accepted) return applied;
      const account = `free/${payload.body.to}` as const;
      state.accounts.set(account, (state.accounts.get(account) ?? 0) + 1);
      return applied;
    },
  };
  const { counterexample } = run({ runs: 200, seed: 3, law: generous });

  it('is shown by the least history that breaks it, in words', () => {
    expect(counterexample?.findings.map(({ property }) => property)).toContain('P9');
    expect(counterexample?.history.deeds.length).toBe(1);
    expect(counterexample?.lines).toHaveLength(1);
    expect(counterexample?.lines[0]).toMatch(/^1\. at 0 ms \w+ TRANSFER to:\w+,.* -> accepted$/);
  });

  it('is shown again by seed and path', () => {
    const again = run({ runs: 200, seed: 3, path: counterexample?.path ?? '', law: generous }).counterexample;
    expect(again?.lines).toEqual(counterexample?.lines);
  });
});
