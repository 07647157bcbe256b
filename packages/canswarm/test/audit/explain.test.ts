import { REJECTION_CODES } from '@canswarm/kernel';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/audit/explain.ts';
import { REJECTION_SENTENCES } from '../../src/audit/rejection-sentences.ts';
import { crypto, example } from './example-log.ts';

const { genesis, entries } = example.log;
const ask = (which: number | string) => explain(genesis, entries, which, { crypto });

function found(which: number | string) {
  const explained = ask(which);
  if (!explained.ok) throw new Error(explained.code);
  return explained.explanation;
}

describe('explain', () => {
  it('names rule, precondition, numbers and sentence of a rejected entry', () => {
    expect(found(9)).toMatchObject({
      verb: 'FINALIZE',
      accepted: false,
      code: 'window_open',
      rule: 'spec/04-verbs.md',
      sentence: REJECTION_SENTENCES.window_open,
      postings: [{ code: 'log_fee', credit: 'burn' }],
    });
    expect(found(9).facts).toHaveProperty('time');
  });

  it('shows what an accepted entry moved, and the votes that justify it', () => {
    const decided = found(4);
    expect(decided).toMatchObject({ verb: 'DECIDE', accepted: true, code: null, facts: {} });
    expect(decided.evidence.envelopes.map(({ verb }) => verb)).toEqual([
      'ATTEST_PLAN',
      'ATTEST_PLAN',
      'ATTEST_PLAN',
      'PROPOSE',
    ]);
    expect(decided.postings.filter(({ code }) => code === 'seat_fee')).toHaveLength(3);
    expect(decided.postings.map(({ position }) => position)).toEqual(decided.postings.map(() => 4));
  });

  it('shows how log time moved', () => {
    const { time } = found(3);
    expect(time.after - time.before).toBe(400);
  });

  it('finds an entry by its id', () => {
    expect(found(found(11).id).position).toBe(11);
  });

  it('says where an id stands as evidence', () => {
    const vote = found(7).evidence.envelopes[0]?.id ?? '';
    expect(ask(vote)).toEqual({ ok: false, code: 'unknown_entry', entries: 12, within: 7 });
  });

  it('says how many entries there are when none fits', () => {
    expect(ask(13)).toEqual({ ok: false, code: 'unknown_entry', entries: 12 });
    expect(ask(0)).toMatchObject({ ok: false, code: 'unknown_entry' });
  });

  it('says that the log breaks before the entry asked for', () => {
    const gap = [...entries.slice(0, 3), ...entries.slice(4)];
    expect(explain(genesis, gap, 11, { crypto })).toMatchObject({
      ok: false,
      code: 'log_broken',
      broken: { position: 5 },
    });
  });

  it('has a sentence for every code', () => {
    expect(Object.keys(REJECTION_SENTENCES).sort()).toEqual([...REJECTION_CODES].sort());
  });
});
