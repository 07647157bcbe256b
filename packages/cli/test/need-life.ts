import type { NeedRecord } from '@canswarm/api';
import type { BriefEvent } from 'canswarm';
import type { SeenOutlook, ViewEvent } from '../src/need/view-event.ts';

export type Entry = Extract<BriefEvent, { type: 'entry' }>;
type Did = Entry['from'];

const did = (name: string): Did => `did:key:z6Mk${name}` as Did;
const NEED = 'bafyreineed-abcd-q4k7xa' as never;
const COMMIT = 'bafycommit' as never;
const PLAN = `plan/${NEED}/1` as const;
const RESULT = `result/${COMMIT}` as const;
const AT = 1_000_000;

const entry = (position: number, role: string, afterMs: number, more: Partial<Entry> = {}): Entry => ({
  type: 'entry',
  position,
  verb: 'TICK',
  from: did(role),
  role,
  accepted: true,
  code: null,
  time: AT + afterMs,
  events: [],
  reasons: [],
  bids: [],
  votes: [],
  ...more,
});

export const PEOPLE = [
  { did: did('one'), name: 'worker-1', org: 'globex' },
  { did: did('two'), name: 'worker-2', org: 'initech' },
  { did: did('three'), name: '仕事の人\x1b[2J', org: 'umbrella' },
  ...[1, 2, 3, 4, 5].map((seat) => ({ did: did(`s${seat}`), name: `verifier-0${seat}`, org: `verifier-org-0${seat}` })),
];

const bid = (id: string, by: string, price: number) => ({
  id: id as never,
  by: did(by),
  planner: null,
  outbids: null,
  price,
  etaMs: 30_000,
});
const BIDS = [bid('bid1', 'one', 500_000), bid('bid2', 'two', 625_000), bid('bid3', 'three', 1_300_007)];
const seats = (subject: typeof PLAN | typeof RESULT): Entry['events'] =>
  [1, 2, 3, 4, 5].map((seat) => ({ type: 'seated', subject, ballot: 1, draw: 0, did: did(`s${seat}`), reserved: 0 }));
const vote = (seat: number, subject: string, verdict: string, reasons: readonly string[] = []) => ({
  seat: did(`s${seat}`),
  subject,
  ballot: 1,
  verdict,
  reasons,
});

const outlook = (afterMs: number, more: Partial<SeenOutlook>): ViewEvent => ({
  type: 'outlook',
  outlook: { needId: NEED, time: AT + afterMs, bids: [], votes: [], lease: null, hindrances: [], ...more },
});

const heard = BIDS.map((one, index) => {
  const who = PEOPLE.find((person) => person.did === one.by);
  const lost = index === 0 ? null : { code: 'outscored', detail: null };
  return { ...one, name: who?.name ?? '', org: who?.org ?? null, score: 80_000_000 - index, lost };
});

export const RECORD: NeedRecord = {
  id: NEED,
  requester: did('me'),
  position: 1,
  postedAt: AT - 60_000,
  body: {
    skill: 'licence-audit',
    goal: 'Which licences do the packages of this project have?',
    inputs: [],
    acceptance: COMMIT,
    trial: null,
    priceCap: 2_000_000,
    tier: 1,
    seatFee: 100_000,
    scoring: { priceBps: 8_000, etaBps: 2_000, reputationBps: 0 },
    windows: { bidMs: 300, answerMs: 1_000, challengeMs: 2_000, leaseMs: 10_000 },
    deadlineMs: 60_000,
    class: 'agent',
    plan: null,
    auction: 'open',
    capSealed: false,
  },
  stage: 'open',
  worker: null,
  reason: null,
  settledAt: null,
  plan: null,
  outputs: null,
};

const posted: readonly ViewEvent[] = [
  { type: 'need', record: RECORD },
  { type: 'posted', needId: NEED, escrow: 3_500_000, people: PEOPLE },
  entry(1, 'me', -60_000, {
    verb: 'NEED',
    events: [
      {
        type: 'posting',
        rule: 'NEED',
        code: 'escrow_price',
        debit: 'free/a',
        credit: 'escrow/n',
        amount: 2_000_000,
      },
      {
        type: 'posting',
        rule: 'NEED',
        code: 'escrow_fees',
        debit: 'free/a',
        credit: 'escrow/n',
        amount: 1_500_000,
      },
      { type: 'draw_pending', subject: PLAN, ballot: 1, draw: 0 },
    ],
  }),
  entry(2, 'verifier-01', 0, {
    events: [...seats(PLAN), { type: 'bidding_opened', need: NEED, round: 1, closesAt: AT + 300 }],
  }),
];
const auction = [...posted, outlook(100, { bids: heard })];
const lease: readonly ViewEvent[] = [
  ...auction,
  entry(3, 'verifier-01', 300, { events: [{ type: 'bidding_closed', need: NEED, round: 1 }] }),
  entry(4, 'verifier-02', 400, {
    verb: 'DECIDE',
    bids: BIDS,
    votes: [1, 2, 3].map((seat) => vote(seat, PLAN, 'bid1')),
    events: [
      { type: 'votes_recorded', subject: PLAN, count: 3, matching: 3 },
      { type: 'posting', rule: 'DECIDE', code: 'seat_fee', debit: 'escrow/n', credit: 'free/s1', amount: 300_000 },
      { type: 'need_decided', need: NEED, round: 1, winner: 'bid1' as never, runnersUp: 2 },
      {
        type: 'posting',
        rule: 'DECIDE',
        code: 'work_bond',
        debit: 'free/w',
        credit: 'bond/work/n/w',
        amount: 800_000,
      },
      { type: 'lease_granted', need: NEED, attempt: 1, holder: did('one'), price: 500_000 },
    ],
  }),
  entry(5, 'verifier-02', 500, {
    events: [{ type: 'lease_started', need: NEED, attempt: 1, expiresAt: AT + 10_500 }],
  }),
  outlook(3_000, {
    bids: heard,
    lease: {
      attempt: 1,
      holder: did('one'),
      expiresAt: AT + 10_500,
      renewals: 0,
      aliveMs: 400,
    },
  }),
  { type: 'progress', role: 'worker-1', done: 32, total: 50, note: 'reading packages\x1b[31m' },
];
const judging: readonly ViewEvent[] = [
  ...lease,
  entry(6, 'worker-1', 4_000, {
    verb: 'COMMIT',
    events: [
      { type: 'committed', need: NEED, attempt: 1, commit: COMMIT, worker: did('one') },
      { type: 'draw_pending', subject: RESULT, ballot: 1, draw: 0 },
    ],
  }),
  entry(7, 'verifier-03', 4_100, { events: seats(RESULT) }),
  outlook(4_200, { votes: [vote(1, RESULT, 'pass'), vote(2, RESULT, 'fail', ['row 7 is wrong'])] }),
];
const window: readonly ViewEvent[] = [
  ...judging,
  entry(8, 'verifier-03', 4_500, {
    verb: 'CERTIFY',
    votes: [vote(1, RESULT, 'pass'), vote(3, RESULT, 'pass'), vote(4, RESULT, 'pass'), vote(2, RESULT, 'fail')],
    events: [
      { type: 'votes_recorded', subject: RESULT, count: 4, matching: 3 },
      { type: 'certified', commit: COMMIT, verdict: 'pass', votes: 3, ballot: 1 },
    ],
  }),
  entry(9, 'verifier-03', 4_600, { events: [{ type: 'window_opened', commit: COMMIT, closesAt: AT + 6_600 }] }),
];
const failed: readonly ViewEvent[] = [
  ...judging,
  entry(8, 'verifier-03', 4_500, {
    verb: 'CERTIFY',
    votes: [1, 2, 3].map((seat) => vote(seat, RESULT, 'fail', ['row 7 is wrong'])),
    reasons: ['row 7 is wrong'],
    events: [
      { type: 'certified', commit: COMMIT, verdict: 'fail', votes: 3, ballot: 1 },
      { type: 'lease_lost', need: NEED, attempt: 1, holder: did('one'), reason: 'failed' },
      {
        type: 'posting',
        rule: 'CERTIFY',
        code: 'bond_burned',
        debit: 'bond/work/n/w',
        credit: 'burn',
        amount: 800_000,
      },
      { type: 'posting', rule: 'CERTIFY', code: 'refund', debit: 'escrow/n', credit: 'free/a', amount: 2_000_000 },
      { type: 'need_closed', need: NEED, status: 'expired', refund: 2_000_000, reason: 'no attempt left' },
    ],
  }),
  outlook(4_600, {
    hindrances: [
      {
        code: 'attempt_lost',
        attempt: 1,
        worker: did('one'),
        outcome: 'failed',
        said: [1, 2, 3].map((seat) => ({ by: did(`s${seat}`), verdict: 'fail', reasons: ['row 7 is wrong'] })),
      },
    ],
  }),
];

/** A need at the times that matter: what was seen up to then. */
export const LIFE: Readonly<Record<'auction' | 'lease' | 'judging' | 'window' | 'failed', readonly ViewEvent[]>> = {
  auction,
  lease,
  judging,
  window,
  failed,
};

export const entriesOf = (events: readonly ViewEvent[]): readonly Entry[] =>
  events.filter((event) => event.type === 'entry');
