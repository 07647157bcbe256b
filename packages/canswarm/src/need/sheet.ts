import type { KernelEvent } from '@canswarm/kernel';
import type { BriefEvent } from '../brief/events.ts';
import { type Attempt, attemptsAfter } from './attempts.ts';
import { type CommitteeSheet, committeeAfter, isPlan, subjectOf } from './committee-sheet.ts';
import { moneyAfter, type NeedMoney, NO_MONEY } from './money.ts';
import type { SaidBid } from './said.ts';

type Entry = Extract<BriefEvent, { type: 'entry' }>;

/** A period of log time, ms. `until` null: it has not begun. */
export interface Period {
  readonly from: number;
  readonly until: number | null;
}

/** One round of bidding. */
export interface Auction {
  readonly round: number;
  /** While bids are taken; null once they are not. */
  readonly open: Period | null;
  /** Bids that the log shows; gossip may know more. */
  readonly bids: readonly SaidBid[];
  /** Id of the winning bid; null: none, or not yet. */
  readonly winner: string | null;
  readonly decided: boolean;
}

/** Who has the task. */
export interface LeaseSheet {
  readonly attempt: number;
  readonly holder: string;
  readonly price: number;
  readonly period: Period;
  readonly renewals: number;
}

/** What the log says of a need in a few facts. Amounts are micro-credits, times log time in ms. */
export interface NeedSheet {
  readonly time: number;
  /** When something followed the need for the first time; null before. While nothing happens log time stands still, so it is older. */
  readonly startedAt: number | null;
  readonly position: number;
  readonly auction: Auction | null;
  readonly plan: CommitteeSheet | null;
  readonly lease: LeaseSheet | null;
  readonly result: CommitteeSheet | null;
  /** While a passed result may be challenged. */
  readonly window: Period | null;
  readonly attempts: readonly Attempt[];
  readonly money: NeedMoney;
  /** How often a draw waited for more verifiers, and how many there were the last time. */
  readonly waits: { readonly times: number; readonly eligible: number } | null;
  readonly ended: { readonly status: string; readonly reason: string } | null;
  readonly settled: boolean;
}

export const BLANK_SHEET: NeedSheet = {
  time: 0,
  startedAt: null,
  position: 0,
  auction: null,
  plan: null,
  lease: null,
  result: null,
  window: null,
  attempts: [],
  money: NO_MONEY,
  waits: null,
  ended: null,
  settled: false,
};

/** The sheet after one more entry; a rejected one changes nothing but the position. */
export function sheetAfter(sheet: NeedSheet, entry: Entry): NeedSheet {
  const { position, time } = entry;
  const startedAt = sheet.startedAt ?? (sheet.position === 0 ? null : time);
  const seen = { ...sheet, position, startedAt, time: Math.max(sheet.time, time) };
  if (!entry.accepted) return seen;
  const changed = entry.events.reduce((now, event) => changedBy(now, event), seen);
  return votedBy({ ...changed, attempts: attemptsAfter(sheet.attempts, entry) }, entry);
}

/** What the evidence of an entry adds to what its events say: which bids there were, and who voted what. */
function votedBy(sheet: NeedSheet, { bids, votes, events }: Entry): NeedSheet {
  const { auction } = sheet;
  const winner = events.find((event) => event.type === 'need_decided')?.winner ?? auction?.winner ?? null;
  const shown = auction === null || bids.length === 0 ? auction : { ...auction, bids, winner };
  return {
    ...sheet,
    auction: shown,
    plan: sheet.plan === null ? null : { ...sheet.plan, seats: withVotes(sheet.plan, votes) },
    result: sheet.result === null ? null : { ...sheet.result, seats: withVotes(sheet.result, votes) },
  };
}

const withVotes = ({ subject, ballot, seats }: CommitteeSheet, votes: Entry['votes']): CommitteeSheet['seats'] =>
  seats.map((seat) => {
    const vote = votes.find((one) => one.seat === seat.did && one.subject === subject && one.ballot === ballot);
    return vote === undefined ? seat : { ...seat, vote: vote.verdict };
  });

function changedBy(sheet: NeedSheet, event: KernelEvent): NeedSheet {
  const subject = subjectOf(event);
  if (subject !== null) {
    const which = isPlan(subject) ? 'plan' : 'result';
    return { ...sheet, [which]: committeeAfter(sheet[which], event), ...waitsAfter(sheet, event) };
  }
  switch (event.type) {
    case 'posting':
      return { ...sheet, money: moneyAfter(sheet.money, event) };
    case 'bidding_opened': {
      const open = { from: sheet.time, until: event.closesAt };
      return { ...sheet, auction: { round: event.round, open, bids: [], winner: null, decided: false } };
    }
    case 'bidding_reopened':
      return { ...sheet, auction: null };
    case 'bidding_closed':
      return sheet.auction === null ? sheet : { ...sheet, auction: { ...sheet.auction, open: null } };
    case 'need_decided':
      return decided(sheet, event);
    case 'lease_granted': {
      const { attempt, holder, price } = event;
      const period = { from: sheet.time, until: null };
      return { ...sheet, lease: { attempt, holder, price, period, renewals: 0 }, result: null, window: null };
    }
    case 'lease_started':
      return leased(sheet, ({ period }) => ({ period: { from: sheet.time, until: event.expiresAt ?? period.until } }));
    case 'lease_renewed':
      return leased(sheet, () => ({ renewals: event.renewals }));
    case 'lease_lost':
      return { ...sheet, lease: null, window: null };
    case 'committed':
      return { ...sheet, lease: null };
    case 'certified':
      return sheet.result === null ? sheet : { ...sheet, result: { ...sheet.result, verdict: event.verdict } };
    case 'window_opened':
      return { ...sheet, window: { from: sheet.time, until: event.closesAt } };
    case 'window_closed':
      return { ...sheet, window: null };
    case 'need_closed':
      return { ...sheet, window: null, lease: null, ended: { status: event.status, reason: event.reason } };
    case 'need_settled':
      return { ...sheet, settled: true };
    default:
      return sheet;
  }
}

function decided(sheet: NeedSheet, { round, winner }: Extract<KernelEvent, { type: 'need_decided' }>): NeedSheet {
  const auction = { round, open: null, bids: sheet.auction?.bids ?? [], winner, decided: true };
  return { ...sheet, auction, plan: sheet.plan === null ? null : { ...sheet.plan, verdict: winner ?? 'none' } };
}

const leased = (sheet: NeedSheet, change: (lease: LeaseSheet) => Partial<LeaseSheet>): NeedSheet =>
  sheet.lease === null ? sheet : { ...sheet, lease: { ...sheet.lease, ...change(sheet.lease) } };

function waitsAfter({ waits }: NeedSheet, event: KernelEvent): Pick<NeedSheet, 'waits'> {
  if (event.type === 'draw_waiting') return { waits: { times: event.waits, eligible: event.eligible } };
  return { waits: event.type === 'seated' ? null : waits };
}
