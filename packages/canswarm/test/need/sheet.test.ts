import { describe, expect, it } from 'vitest';
import type { BriefEvent } from '../../src/brief/events.ts';
import { BLANK_SHEET, type NeedSheet, sheetAfter } from '../../src/need/sheet.ts';
import { stepsOf } from '../../src/need/steps.ts';
import { whyFailed } from '../../src/need/why-failed.ts';

type Entry = Extract<BriefEvent, { type: 'entry' }>;

const need = 'bafyneed' as never;
const commit = 'bafycommit' as never;
const [PLAN, RESULT] = [`plan/${need}/1`, `result/${commit}`] as const;
const did = (name: string): Entry['from'] => `did:key:${name}` as Entry['from'];

const entry = (position: number, events: Entry['events'], more: Partial<Entry> = {}): Entry => ({
  type: 'entry',
  position,
  verb: 'TICK',
  from: did('v'),
  role: 'v',
  accepted: true,
  code: null,
  time: position * 100,
  events,
  reasons: [],
  bids: [],
  votes: [],
  ...more,
});

const posting = (code: string, debit: string, credit: string, amount: number): Entry['events'][number] => ({
  type: 'posting',
  rule: 'x',
  code,
  debit: debit as 'burn',
  credit: credit as 'burn',
  amount,
});
const seated = (subject: typeof PLAN | typeof RESULT, name: string, draw = 0): Entry['events'][number] => ({
  type: 'seated',
  subject,
  ballot: 1,
  draw,
  did: did(name),
  reserved: 0,
});
const vote = (name: string, subject: string, verdict: string, ballot = 1, reasons: readonly string[] = []) => ({
  seat: did(name),
  subject,
  ballot,
  verdict,
  reasons,
});

const opened = entry(1, [
  posting('escrow_price', 'free/a', 'escrow/n', 2_000),
  posting('escrow_fees', 'free/a', 'escrow/n', 900),
  { type: 'draw_pending', subject: PLAN, ballot: 1, draw: 0 },
]);
const bidding = entry(2, [
  seated(PLAN, 's1'),
  seated(PLAN, 's2'),
  { type: 'bidding_opened', need, round: 1, closesAt: 500 },
]);
const granted = (attempt: number, holder: string): Entry['events'][number] => ({
  type: 'lease_granted',
  need,
  attempt,
  holder: did(holder),
  price: 1_000,
});
const judged = [
  entry(4, [granted(1, 'w'), posting('work_bond', 'free/w', 'bond/work/n/w', 300)]),
  entry(5, [
    { type: 'committed', need, attempt: 1, commit, worker: did('w') },
    { type: 'draw_pending', subject: RESULT, ballot: 1, draw: 0 },
  ]),
  entry(6, [seated(RESULT, 's1'), seated(RESULT, 's2')]),
];
const fold = (...entries: readonly Entry[]): NeedSheet => entries.reduce(sheetAfter, BLANK_SHEET);

describe('the sheet of a need', () => {
  it('has the auction and its plan committee', () => {
    const { auction, plan, startedAt } = fold(opened, bidding);
    expect(auction).toEqual({ round: 1, open: { from: 200, until: 500 }, bids: [], winner: null, decided: false });
    expect(plan?.seats.map((seat) => seat.did)).toEqual([did('s1'), did('s2')]);
    expect(startedAt).toBe(200);
  });

  it('changes by no entry that was rejected', () => {
    const before = fold(opened, bidding);
    const after = sheetAfter(before, entry(3, [granted(1, 'w')], { accepted: false, code: 'x' }));
    expect(after).toEqual({ ...before, position: 3, time: 300 });
  });

  it('counts votes of the present ballot only, and keeps who was silent', () => {
    const silent = { type: 'seat_silent', subject: RESULT, did: did('s2'), silences: 1 } as const;
    const sheet = fold(opened, bidding, ...judged, entry(7, [silent], { votes: [vote('s1', RESULT, 'pass', 2)] }));
    expect(sheet.result?.seats).toEqual([
      { did: did('s1'), vote: null, silent: false },
      { did: did('s2'), vote: null, silent: true },
    ]);
    const voted = sheetAfter(sheet, entry(8, [], { votes: [vote('s1', RESULT, 'pass')] }));
    expect(voted.result?.seats[0]?.vote).toBe('pass');
    const again = sheetAfter(voted, entry(9, [{ type: 'draw_pending', subject: RESULT, ballot: 2, draw: 1 }]));
    expect(again.result).toMatchObject({ ballot: 2, seats: [], drawing: true });
  });

  it('knows where the money is and went', () => {
    const lost = entry(7, [
      posting('bond_funds_attempt', 'bond/work/n/w', 'escrow/n', 200),
      posting('bond_burned', 'bond/work/n/w', 'burn', 100),
      posting('seat_fee', 'escrow/n', 'free/s1', 300),
      posting('log_fee', 'free/a', 'burn', 11),
      posting('log_fee', 'escrow/n', 'burn', 50),
      posting('plant_levy', 'escrow/n', 'fund/plants', 30),
      posting('price', 'escrow/n', 'free/w', 1_000),
      posting('bond_burned', 'escrow/n', 'burn', 200),
      posting('refund', 'escrow/n', 'free/a', 1_520),
      posting('silence_fee', 'stake/s2', 'burn', 7),
    ]);
    expect(fold(opened, bidding, ...judged, lost).money).toEqual({
      put: 2_900,
      held: 0,
      work: 1_000,
      seats: 300,
      tasks: 0,
      logs: 50,
      plants: 30,
      unearned: 0,
      refunded: 1_520,
      bonds: 0,
      slashed: 307,
    });
  });

  it('tells what tasks of its plan have been given, less what they left', () => {
    const divided = entry(7, [
      posting('escrow_task', 'escrow/n', 'escrow/t', 900),
      posting('task_returned', 'escrow/t', 'escrow/n', 300),
    ]);
    expect(fold(opened, divided).money).toMatchObject({ put: 2_900, held: 2_300, tasks: 600 });
  });

  it('begins a new auction when bidding opens again', () => {
    const again = entry(3, [
      { type: 'need_decided', need, round: 1, winner: null, runnersUp: 0 },
      { type: 'bidding_reopened', need, round: 2 },
      { type: 'draw_pending', subject: `plan/${need}/2`, ballot: 1, draw: 0 },
    ]);
    expect(fold(opened, bidding, again)).toMatchObject({ auction: null, plan: { seats: [], drawing: true } });
  });
});

const why = (sheet: NeedSheet, stage: string, bids = 0) =>
  whyFailed({ sheet, stage, deadlineMs: 60_000, leaseMs: 10_000, bids, still: null });

describe('why a need has no result', () => {
  const failing = entry(
    7,
    [
      { type: 'certified', commit, verdict: 'fail', votes: 2, ballot: 1 },
      { type: 'lease_lost', need, attempt: 1, holder: did('w'), reason: 'failed' },
    ],
    { verb: 'CERTIFY', votes: [vote('s1', RESULT, 'fail', 1, ['row 7']), vote('s2', RESULT, 'pass')] },
  );

  it('seats did not pass it: who said what', () => {
    expect(why(fold(opened, bidding, ...judged, failing), 'working')).toEqual([
      {
        code: 'attempt_lost',
        attempt: 1,
        worker: did('w'),
        outcome: 'failed',
        said: [{ by: did('s1'), verdict: 'fail', reasons: ['row 7'] }],
      },
    ]);
  });

  it('its worker gave it back, and nobody takes it', () => {
    const yielded = entry(
      5,
      [
        { type: 'lease_lost', need, attempt: 1, holder: did('w'), reason: 'yielded' },
        { type: 'task_ready', need, attempt: 1 },
      ],
      { verb: 'YIELD', reasons: ['no tea'] },
    );
    expect(why(fold(opened, bidding, entry(4, [granted(1, 'w')]), yielded), 'ready')).toEqual([
      {
        code: 'attempt_lost',
        attempt: 1,
        worker: did('w'),
        outcome: 'yielded',
        said: [{ by: null, verdict: 'yielded', reasons: ['no tea'] }],
      },
      { code: 'no_taker', tried: 1 },
    ]);
  });

  it('the time is over', () => {
    const late = entry(8, [{ type: 'need_closed', need, status: 'expired', refund: 1, reason: 'deadline passed' }]);
    expect(why(fold(opened, bidding, ...judged, failing, late), 'expired').map(({ code }) => code)).toEqual([
      'attempt_lost',
      'deadline_passed',
    ]);
  });

  it('too few verifiers, until seats are drawn', () => {
    const waiting = entry(2, [{ type: 'draw_waiting', subject: PLAN, eligible: 5, waits: 2 }]);
    expect(why(fold(opened, waiting), 'open')).toEqual([{ code: 'seats_lacking', eligible: 5, waits: 2 }]);
    expect(why(fold(opened, waiting, bidding), 'bidding')).toEqual([]);
  });

  it('bids came and none was chosen; or seats did not agree', () => {
    const none = entry(3, [{ type: 'need_decided', need, round: 1, winner: null, runnersUp: 0 }]);
    expect(why(fold(opened, bidding, none), 'expired', 2)).toEqual([{ code: 'none_chosen', bids: 2 }]);
    const split = entry(3, [
      { type: 'need_closed', need, status: 'expired', refund: 1, reason: 'no committee agreed' },
    ]);
    expect(why(fold(opened, bidding, split), 'expired')).toEqual([{ code: 'no_agreement' }]);
  });

  it('nothing, while all goes well', () => {
    expect(why(fold(opened, bidding, ...judged), 'judging')).toEqual([]);
  });
});

describe('the steps of a need', () => {
  it('count time from what followed it first, and sum alike movements up', () => {
    const paid = entry(3, [
      posting('seat_fee', 'escrow/n', 'free/s1', 5),
      posting('seat_fee', 'escrow/n', 'free/s2', 5),
      posting('seat_fee', 'escrow/n', 'free/s3', 0),
    ]);
    const steps = stepsOf([{ ...opened, time: 0 }, bidding, paid]);
    expect(steps.map(({ sinceMs }) => sinceMs)).toEqual([0, 0, 100]);
    expect(steps[2]?.moved).toEqual([{ code: 'seat_fee', from: 'escrow', to: 'free', amount: 10, times: 2 }]);
  });
});
