import { dropAlarm, openAlarm } from './alarms.ts';
import { finishInBootstrap } from './bootstrap.ts';
import { committeeOf, endCommittee, largest, needRow, resultName } from './committees.ts';
import { ceilOf, exposedAccounts, floorOf, move, moveAll, takeOut } from './ledger.ts';
import { burnPart, closeNeed, failAttempt, payFees, payPrice, returnBond, settleNeed } from './needs.ts';
import { change, earnJudging, earnWork, identityAs, identityOf, JUDGE } from './reputation.ts';
import type { CommitRow, CommitteeRow, Model, SealRow, SeatRow } from './tables.ts';
import { withhold } from './trials.ts';

/** Seats of the present ballot whose recorded vote says this. */
export const saying = (committee: CommitteeRow, verdict: string): readonly SeatRow[] =>
  committee.seats.filter((seat) => seat.ballot === committee.ballot && seat.vote?.verdict === verdict);

export const liveSeals = (model: Model, subject: string): readonly SealRow[] =>
  model.seals.filter((seal) => seal.live && seal.subject === subject);

export function juryOf(model: Model, commit: CommitRow): CommitteeRow {
  const committee = committeeOf(model, resultName(commit.id));
  if (committee === undefined) throw new Error(`nobody judges ${commit.id}`);
  return committee;
}

/** K votes match: the verdict takes effect. */
export function certify(model: Model, commit: CommitRow, verdict: string): void {
  const need = needRow(model, commit.need);
  const jury = juryOf(model, commit);
  const { challengeMs } = need.body.windows;
  jury.phase = 'certified';
  commit.verdict = verdict;
  dropAlarm(model, `half:${jury.subject}`);
  need.owed += jury.n * need.body.seatFee;
  openAlarm(model, `hold:${commit.id}`, Math.max(model.params.holdMs, 2 * challengeMs));
  if (verdict === 'pass') {
    need.phase = 'verified';
    openAlarm(model, `window:${commit.id}`, challengeMs);
  } else if (verdict === 'fail') failAttempt(model, commit, []);
  else payUndecidable(model, commit);
}

function payUndecidable(model: Model, commit: CommitRow): void {
  const need = needRow(model, commit.need);
  const { worker, workerPrice } = commit.bid;
  const share = need.body.trial === null ? model.params.undecidablePayBps : 0;
  payPrice(model, need, worker, floorOf(workerPrice, share, 10_000));
  returnBond(model, commit);
  closeNeed(model, need, 'closed');
}

export function finalize(model: Model, commit: CommitRow): void {
  const need = needRow(model, commit.need);
  const { worker, planner, price, workerPrice } = commit.bid;
  commit.final = true;
  payPrice(model, need, worker, workerPrice);
  if (planner !== null) payPrice(model, need, planner, price - workerPrice);
  burnPart(model, commit.bid);
  withhold(model, need, commit.bid);
  if (earns(model, juryOf(model, commit))) earnWork(model, need, commit.bid);
  finishInBootstrap(model);
  returnBond(model, commit);
  closeNeed(model, need, 'closed', commit.outputs);
  settleSeats(model, commit);
}

/** Pays the seats of a verdict once the hold passed and no challenge is live; a pass that nobody finalized is final then. */
export function settleSeats(model: Model, commit: CommitRow): void {
  const { verdict, holdPassed, final } = commit;
  if (commit.settled || verdict === null || !holdPassed || liveSeals(model, commit.id).length > 0) return;
  if (verdict === 'pass' && !final) return finalize(model, commit);
  const need = needRow(model, commit.need);
  const jury = juryOf(model, commit);
  need.owed -= jury.n * need.body.seatFee;
  payFees(
    model,
    need,
    saying(jury, verdict).map(({ did }) => did),
    commit.level,
  );
  if (verdict !== 'undecidable' && need.body.trial === null && earns(model, jury))
    earnJudging(model, commit.bid, saying(jury, verdict));
  endCommittee(model, jury);
  forget(model, commit);
  settleNeed(model, need);
}

/** What few judged, or was settled in bootstrap, earns nobody anything. */
const earns = (model: Model, jury: CommitteeRow): boolean => model.bootstrap === null && !jury.relaxed;

function forget(model: Model, commit: CommitRow): void {
  commit.settled = true;
  dropAlarm(model, `window:${commit.id}`);
  dropAlarm(model, `hold:${commit.id}`);
}

/** A passed result is invalid: proved, or found so by a jury, which then is paid. */
export function overturn(
  model: Model,
  commit: CommitRow,
  seal: SealRow,
  payJury: ((bond: string) => void) | null = null,
): void {
  const need = needRow(model, commit.need);
  const jury = juryOf(model, commit);
  const failing = saying(jury, 'fail');
  const early = failing.filter(({ vote }) => vote !== null && vote.position < seal.position);
  commit.overturned = true;
  need.owed -= jury.n * need.body.seatFee;
  for (const seat of saying(jury, 'pass')) {
    if (payJury !== null) {
      change(model, JUDGE, identityAs(seat.entity, seat.did), 'half');
      continue;
    }
    move(model, `reserve/${seat.did}`, 'burn', seat.reserved);
    seat.reserved = 0;
    change(model, null, identityAs(seat.entity, seat.did), 'all');
    seat.shares = [];
  }
  payFees(
    model,
    need,
    failing.map(({ did }) => did),
    commit.level,
  );
  endCommittee(model, jury);
  returnSeals(model, commit);
  forget(model, commit);
  failAttempt(model, commit, [seal.challenger, ...early.map(({ did }) => did)], payJury);
}

/** Nobody could judge the result: the worker is paid as undecidable, the seats get nothing. */
export function abandon(model: Model, committee: CommitteeRow): void {
  const commit = model.commits.find(({ id }) => id === committee.commit);
  if (commit === undefined) throw new Error(`${committee.subject} judges nothing`);
  commit.verdict = 'undecidable';
  endCommittee(model, committee);
  returnSeals(model, commit);
  forget(model, commit);
  payUndecidable(model, commit);
}

/** A seat was proved dishonest about its vote. */
export function strike(model: Model, isTrial: boolean, seat: SeatRow, challenger: string): void {
  const account = `reserve/${seat.did}`;
  const borne = seat.shares.reduce((sum, { amount }) => sum + amount, 0);
  const share = isTrial ? 0 : floorOf(seat.reserved - borne, model.params.digestChallengerBps, 10_000);
  move(model, account, `free/${challenger}`, share);
  move(model, account, 'burn', seat.reserved - share);
  seat.reserved = 0;
  change(model, null, identityAs(seat.entity, seat.did), 'all');
  seat.shares = [];
  seat.vote = null;
  seat.status = 'void';
}

/** A seat of a plan was proved dishonest about its vote: it pays once, out of what stake backs nothing and then of what unbonds. */
export function strikePlan(model: Model, committee: CommitteeRow, seat: SeatRow, challenger: string): void {
  if (seat.struck) return;
  seat.struck = true;
  const { body } = needRow(model, committee.need);
  const n = largest(model, 1);
  const due = ceilOf(2, body.priceCap + n * body.seatFee, (n + 1) / 2);
  const share = body.trial === null ? floorOf(due, model.params.digestChallengerBps, 10_000) : 0;
  const burned = takeOut(model, exposedAccounts(model, seat.did), due - share, 'burn');
  const reward = floorOf(burned, share, due - share);
  takeOut(model, exposedAccounts(model, seat.did), reward, `free/${challenger}`);
  if (committee.phase === 'over' || seat.ballot !== committee.ballot || seat.status !== 'seated') return;
  seat.vote = null;
  seat.status = 'void';
}

/** What waits for the end of a challenge: pay of seats, or the end of a need. */
export function resume(model: Model, subject: string): void {
  const commit = model.commits.find(({ id }) => id === subject);
  if (commit !== undefined) settleSeats(model, commit);
  const need = model.needs.find(({ id, settled }) => id === subject && !settled);
  if (need !== undefined) settleNeed(model, need);
}

export const bondAccount = (seal: SealRow): string => `bond/challenge/${seal.id}`;

/** A seal was judged or lapsed: its bond goes back or burns. */
export function endSeal(model: Model, seal: SealRow, returned: boolean): void {
  moveAll(model, bondAccount(seal), returned ? `free/${seal.challenger}` : 'burn');
  if (!returned) change(model, JUDGE, identityOf(model, seal.challenger), 'half');
  retire(model, seal);
}

/** The next seal of the class gets its time. */
export function retire(model: Model, seal: SealRow): void {
  seal.live = false;
  dropAlarm(model, `opening:${seal.id}`);
  const next = liveSeals(model, seal.subject).find((other) => other.class === seal.class);
  if (next !== undefined && !model.alarms.some(({ name }) => name === `opening:${next.id}`))
    openAlarm(model, `opening:${next.id}`, model.params.openingMs);
}

function returnSeals(model: Model, commit: CommitRow): void {
  for (const seal of liveSeals(model, commit.id)) {
    seal.live = false;
    dropAlarm(model, `opening:${seal.id}`);
    dropAlarm(model, `appeal:${seal.id}`);
    for (const row of model.committees) if (row.challenge === seal.id && row.phase !== 'over') endCommittee(model, row);
    for (const { id, by } of seal.dispute?.appeals ?? []) moveAll(model, `bond/appeal/${id}`, `free/${by}`);
    moveAll(model, bondAccount(seal), `free/${seal.challenger}`);
  }
}

/** What a seal costs: the seat fees of the attempt, and as much again for each live one beyond those that are free of it. */
export function sealBond(model: Model, subject: string, fees: number): number {
  const live = liveSeals(model, subject).length;
  return fees * Math.max(1, live - model.params.maxSealsPerSubject + 2);
}
