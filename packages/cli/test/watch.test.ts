import type { BriefEvent, BriefOutcome } from 'canswarm';
import { BLANK_SHEET, sheetAfter } from 'canswarm';
import { describe, expect, it } from 'vitest';
import { ending } from '../src/brief/ending.ts';
import { Names } from '../src/need/names.ts';
import { remarksOn } from '../src/need/story.ts';
import { watch } from '../src/need/watch.ts';
import { fakeIo } from './fake-io.ts';

type Entry = Extract<BriefEvent, { type: 'entry' }>;
type Did = Entry['from'];
type NeedId = BriefOutcome['needId'];

const FOLDING = { BLANK_SHEET, sheetAfter };

const did = (name: string): Did => `did:key:z6Mk${name}` as Did;
const need = 'bafyneed' as NeedId;
const commit = 'bafycommit' as never;
const subject = 'result/bafycommit';

const entry = (
  position: number,
  role: string,
  time: number,
  events: Entry['events'],
  reasons: readonly string[] = [],
): Entry => ({
  type: 'entry',
  position,
  verb: 'TICK',
  from: did(role),
  role,
  accepted: true,
  code: null,
  time,
  events,
  reasons,
  bids: [],
  votes: [],
});

/** A liar's attempt, a challenge and a good end. */
const life: readonly BriefEvent[] = [
  { type: 'scanning', done: 1, total: 3 },
  { type: 'scanned', documents: 3, bytes: 5_000_000, skipped: [{ path: 'x\x1b[2J', reason: 'binary' }] },
  { type: 'posted', needId: need, escrow: 2_000_000, people: [{ did: did('w'), name: 'worker-2', org: 'acme' }] },
  entry(1, 'liar', 0, []),
  entry(2, 'bystander', 0, [
    { type: 'posting', rule: 'NEED', code: 'escrow_price', debit: 'free/a', credit: 'escrow/n', amount: 2_000_000 },
    { type: 'draw_pending', subject: 'plan/bafyneed/1', ballot: 1, draw: 0 },
  ]),
  entry(3, 'verifier-01', 100, [
    { type: 'seated', subject: 'plan/bafyneed/1', ballot: 1, draw: 0, did: did('v'), reserved: 0 },
    { type: 'bidding_opened', need, round: 1, closesAt: 400 },
  ]),
  entry(4, 'verifier-01', 400, [
    { type: 'votes_recorded', subject: 'plan/bafyneed/1', count: 3, matching: 3 },
    { type: 'need_decided', need, round: 1, winner: commit, runnersUp: 1 },
    { type: 'lease_granted', need, attempt: 1, holder: did('liar'), price: 500_000 },
    { type: 'lease_started', need, attempt: 1, expiresAt: 10_400 },
  ]),
  { type: 'progress', role: 'liar', done: 50, total: 100, note: 'ranking\x1b[31m' },
  entry(5, 'liar', 500, [
    { type: 'committed', need, attempt: 1, commit, worker: did('liar') },
    { type: 'draw_pending', subject, ballot: 1, draw: 0 },
  ]),
  entry(6, 'verifier-02', 600, [{ type: 'seated', subject, ballot: 1, draw: 0, did: did('v'), reserved: 5 }]),
  entry(7, 'verifier-02', 700, [
    { type: 'votes_recorded', subject, count: 3, matching: 3 },
    { type: 'certified', commit, verdict: 'pass', votes: 3, ballot: 1 },
  ]),
  entry(8, 'verifier-02', 800, [{ type: 'window_opened', commit, closesAt: 2800 }]),
  entry(9, 'bystander', 900, [
    {
      type: 'challenge_judged',
      subject: commit,
      class: 'missing_citation',
      challenger: did('bystander'),
      upheld: true,
      reason: 'words\x1b]0;x\x07 differ',
    },
    { type: 'posting', rule: 'CHALLENGE', code: 'reserve_burned', debit: 'reserve/v', credit: 'burn', amount: 700_000 },
    { type: 'slashed', did: did('v'), amount: 700_000, cause: 'passed an invalid result' },
    { type: 'lease_lost', need, attempt: 1, holder: did('liar'), reason: 'overturned' },
  ]),
  entry(10, 'verifier-02', 4000, [
    { type: 'posting', rule: 'FINALIZE', code: 'price', debit: 'escrow/n', credit: 'free/w', amount: 400_000 },
    { type: 'finalized', need, commit, worker: did('w'), price: 400_000 },
    { type: 'need_settled', need, refund: 0 },
  ]),
];

function play(tty: boolean, columns = 72) {
  const io = fakeIo({ tty, columns });
  const screen = watch(io, FOLDING, false);
  for (const event of life) screen.see(event);
  return { io, screen };
}

describe('the story of a brief', () => {
  it('is told line by line where there is no terminal', () => {
    const { io, screen } = play(false);
    screen.end();
    expect(io.err.text.split('\n')).toEqual([
      'read 3 documents, 4.8 MiB; 1 file skipped',
      'need posted, 2 credits in escrow',
      '1 seat drawn to choose a worker',
      'bidding is open',
      'decided, 1 runner-up kept',
      'attempt 1: liar works for 0.5 credits',
      'liar committed a result',
      '1 seat drawn to judge the result',
      'result judged: pass, by 3 votes',
      'open to challenge',
      'challenge by bystander upheld: words\\x1b]0;x\\x07 differ',
      `…${did('v').slice(-8)} loses 0.7 credits: passed an invalid result`,
      'liar lost the task: overturned',
      'final: worker-2 is paid',
      'nothing is left in escrow, 0 credits of the fees came back',
      '',
    ]);
  });

  it('says nothing of what was rejected', () => {
    const rejected = {
      ...entry(1, 'a', 0, [{ type: 'need_settled', need, refund: 0 }]),
      accepted: false,
      code: 'tick_empty',
    };
    expect(remarksOn(rejected, new Names())).toEqual([]);
  });

  it('says why seats did not pass a result', () => {
    const vote = { seat: did('v'), subject, ballot: 1, verdict: 'fail', reasons: ['s/0001:\x1b[1m no'] };
    const certified = [{ type: 'certified', commit, verdict: 'fail', votes: 3, ballot: 1 }] as const;
    const failed = { ...entry(1, 'a', 0, certified), votes: [vote, { ...vote, seat: did('w') }] };
    expect(remarksOn(failed, new Names())).toEqual([
      { tone: 'bad', text: 'result judged: fail, by 3 votes' },
      { tone: 'bad', text: `  because: s/0001:\\x1b[1m no (…${did('v').slice(-8)}, …${did('w').slice(-8)})` },
    ]);
  });

  it('is silent when it is to be quiet', () => {
    const io = fakeIo({ tty: true });
    const screen = watch(io, FOLDING, true);
    for (const event of life) screen.see(event);
    screen.end();
    expect(io.err.text).toBe('');
  });
});

const ESCAPE = '\x1b';
const PIECES = new RegExp(`${ESCAPE}\\[\\??[0-9;]*[A-Za-z]|\\n|\\r|[^${ESCAPE}\\n\\r]+`, 'g');
const UP = new RegExp(`^${ESCAPE}\\[([0-9]+)A$`);

/** The lines that a terminal shows after what was written: enough of one for what we write. */
function rendered(text: string): readonly string[] {
  const lines: string[] = [''];
  let [row, column] = [0, 0];
  for (const [piece] of text.matchAll(PIECES)) {
    const up = UP.exec(piece);
    if (up !== null) row -= Number(up[1]);
    else if (piece === `${ESCAPE}[J`) lines.splice(row, lines.length, '');
    else if (piece === `${ESCAPE}[K`) lines[row] = (lines[row] ?? '').slice(0, column);
    else if (piece === '\n') {
      row += 1;
      column = 0;
      lines[row] ??= '';
    } else if (piece === '\r') column = 0;
    else if (!piece.startsWith(ESCAPE)) {
      const line = lines[row] ?? '';
      lines[row] = line.slice(0, column) + piece + line.slice(column + piece.length);
      column += piece.length;
    }
  }
  return lines;
}

describe('on a terminal', () => {
  it('redraws a few lines below what happened', () => {
    const { io } = play(true);
    const lines = rendered(io.err.text);
    const labels = lines.map((line) => line.slice(2, 12).trim()).slice(-7);
    expect(labels).toEqual(['input', 'now', 'auction', 'plan', 'result', 'money', '']);
    expect(lines.filter((line) => line.trim().startsWith('money'))).toHaveLength(1);
    expect(lines[0]).toBe('read 3 documents, 4.8 MiB; 1 file skipped');
    expect(lines).toContain('open to challenge');
  });

  it('leaves the terminal as it was found', () => {
    const { io, screen } = play(true);
    screen.end();
    expect(io.err.text.startsWith('\x1b[?25l\x1b[?7l')).toBe(true);
    expect(io.err.text.endsWith('\x1b[?7h\x1b[?25h')).toBe(true);
    const lines = rendered(io.err.text);
    expect(lines.filter((line) => line.trim().startsWith('money'))).toEqual([]);
    expect(lines).toContain('nothing is left in escrow, 0 credits of the fees came back');
  });

  it('is left as it was found at once when the user interrupts', () => {
    const { io, screen } = play(true);
    io.interrupt();
    expect(io.err.text.endsWith('\x1b[?7h\x1b[?25h')).toBe(true);
    const { length } = io.err.text;
    for (const event of life) screen.see(event);
    screen.end();
    expect(io.err.text).toHaveLength(length);
  });

  it('is drawn anew when it gets another size, and never has more lines than it', () => {
    const { io } = play(true);
    const { length } = io.err.text;
    io.err.resize(30, 8);
    const text = io.err.text.slice(length);
    expect(text.startsWith('\x1b[H\x1b[2J')).toBe(true);
    const lines = rendered(text.slice('\x1b[H\x1b[2J'.length)).filter((line) => line !== '');
    expect(lines.length).toBeLessThan(8);
    for (const line of lines) expect(line.length).toBeLessThan(30);
  });

  it('lets nothing from documents act on it', () => {
    const { io } = play(true);
    expect(io.err.text).not.toContain('\x1b]0;');
    expect(io.err.text).not.toContain('\x07');
  });
});

describe('the end of a brief', () => {
  const person = (name: string, before: number, after: number, roles: readonly string[], planted = false) => ({
    did: did(name),
    name,
    org: `${name}-org`,
    before,
    after,
    roles,
    planted,
  });
  const outcome = {
    needId: need,
    statements: 2,
    seconds: 12.34,
    windowsSeconds: 6,
    slashed: [did('liar')],
    paid: { [did('worker')]: 500_000 },
    proof: "/tmp/it's/proof",
    briefPath: '/tmp/brief.md',
    resultPath: '/tmp/result.json',
    people: [
      person('worker', 10, 500_010, ['worker']),
      person('liar', 1_000_000, 300_000, ['worker'], true),
      person('idle', 5, 5, ['verifier']),
    ],
    verification: {
      a: { envelopes: 7, entries: 3, signatures: 9 },
      b: { envelopes: 8, entries: 3, signatures: 9 },
    },
    best: [{ quote: 'Report it to\n  security@x \x1b[2J', path: 'a/SECURITY.md', line: 7 }],
  } as unknown as BriefOutcome;

  it('says who did what, what it cost, where the files are and what to do next', () => {
    const text = ending(fakeIo(), outcome);
    expect(text).toContain('Report it to security@x \\x1b[2J');
    expect(text).toContain('a/SECURITY.md:7');
    expect(text).toMatch(/worker +worker-org +\+0\.5 +0\.5 +worker/);
    expect(text).toMatch(/liar +liar-org +-0\.7 +worker, planted, lost money for it/);
    expect(text).not.toMatch(/idle-org/);
    expect(text).toContain('1 other agent neither won nor lost');
    expect(text).toContain('2 nodes verified for itself 3 entries and 7 to 8 envelopes, checking 9 signatures.');
    expect(text).toContain("Next: canswarm verify '/tmp/it'\\''s/proof'");
  });

  it('says that nothing was found, and counts no quotes then', () => {
    const text = ending(fakeIo(), { ...outcome, statements: 0, best: [] });
    expect(text).toMatch(
      /^Nothing was found in the documents that answers the question\n {2}The brief has no quotes\./,
    );
    expect(text).not.toContain('0 quotes');
  });
});
