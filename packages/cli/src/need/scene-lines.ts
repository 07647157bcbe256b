import type { NeedSheet, Period } from 'canswarm';
import { count, credits, creditsOf, cut, oneLine, widthOf } from '../text.ts';
import { endedText } from './ended-text.ts';
import { bar, flow, type Line, period } from './line.ts';
import { fullName, type Names } from './names.ts';
import type { SeenOutlook } from './view-event.ts';

const BIDS_SHOWN = 5;
const NARROW = 56;

/** What a line is made of: the log's facts, what was heard, how much room there is, log time now. */
export interface Looking {
  readonly sheet: NeedSheet;
  readonly outlook: SeenOutlook | null;
  readonly names: Names;
  readonly columns: number;
  readonly now: number;
}

/** Cells of a bar: more where there is room. */
const barCells = (columns: number): number => Math.min(28, Math.max(6, Math.floor(columns / 4)));

/** Where a need stands, in a few words. */
export function stageText({ sheet, names }: Pick<Looking, 'sheet' | 'names'>): string {
  const { ended, settled, window, result, lease, auction, plan } = sheet;
  if (ended !== null && ended.reason !== 'final') return `ended: ${endedText(ended, sheet.attempts.length)}`;
  if (settled) return 'final, everybody is paid';
  if (ended !== null) return 'final; seats are paid after the hold';
  if (lease !== null) return `attempt ${lease.attempt}: ${names.of(lease.holder)} works`;
  if (window !== null) return 'open to challenge';
  if (result?.verdict === 'pass') return 'passed';
  if (result !== null) return result.drawing ? 'drawing seats to judge the result' : 'seats judge the result';
  if (auction?.decided === true) return 'waits for somebody to take the task';
  if (auction !== null) return auction.open === null ? 'seats choose among the bids' : 'auction: bids are taken';
  if (sheet.position === 0) return 'starting';
  return plan === null ? 'posted' : 'drawing seats to choose a worker';
}

/** A running period as a bar with what is left of it, and more where there is room. */
export function countdown({ from, until }: Period, { now, columns }: Looking, more = ''): Line {
  const rest = more === '' ? '' : `, ${more}`;
  if (until === null) return [`it begins with the next tick${rest}`];
  const share = until <= from ? 1 : (now - from) / (until - from);
  const left = Math.max(0, until - now);
  const style = left < (until - from) / 5 ? 'yellow' : 'cyan';
  return [[style, bar(share, barCells(columns))], ` ${period(left)} left${rest}`];
}

/** Bids of the round: the log shows the best of them, gossip all that this node heard. */
export function auctionLines(looking: Looking): readonly Line[] {
  const { sheet, outlook, names, columns } = looking;
  const { auction } = sheet;
  if (auction === null) return [];
  const heard = (outlook?.bids ?? []).filter(({ lost }) => lost === null || lost.code === 'outscored');
  const bids = heard.length >= auction.bids.length ? heard : auction.bids;
  const total = bids.length === 0 ? 'no bid yet' : count(bids.length, 'bid');
  const winner = bids.find(({ id }) => id === auction.winner);
  if (auction.decided && (sheet.lease === null || columns < NARROW))
    return [
      winner === undefined
        ? [bids.length === 0 ? 'no bid counted' : total]
        : [`${total}, `, names.of(winner.by), ` for ${credits(winner.price)}`],
    ];
  const head: Line = auction.open === null ? [total] : countdown(auction.open, looking, total);
  const shown = bids.slice(0, BIDS_SHOWN).map(({ id, by, price, etaMs, planner, outbids }) => {
    const known = heard.find((bid) => bid.id === id);
    const name =
      known === undefined
        ? names.full(by)
        : fullName(oneLine(known.name), known.org === null ? null : oneLine(known.org));
    const who = planner === null ? name : `${name}, planned by ${names.of(planner)}`;
    return {
      isWinner: id === auction.winner,
      who,
      price: columns < NARROW ? credits(price) : creditsOf(price),
      eta: outbids === null ? period(etaMs) : `${period(etaMs)}, improved`,
    };
  });
  const rest = bids.length - shown.length;
  return [head, ...aligned(shown, columns), ...(rest > 0 ? [[`  and ${rest} more`]] : [])];
}

interface ShownBid {
  readonly isWinner: boolean;
  readonly who: string;
  readonly price: string;
  readonly eta: string;
}

function aligned(bids: readonly ShownBid[], columns: number): readonly Line[] {
  const priceCells = Math.max(0, ...bids.map(({ price }) => widthOf(price)));
  const etaCells = columns < NARROW ? 0 : Math.max(0, ...bids.map(({ eta }) => widthOf(eta)));
  const room = Math.max(8, columns - 2 - priceCells - 2 - (etaCells === 0 ? 0 : etaCells + 9));
  const whoCells = Math.min(room, Math.max(0, ...bids.map(({ who }) => widthOf(who))));
  const pad = (text: string, cells: number): string => ' '.repeat(Math.max(0, cells - widthOf(text)));
  return bids.map(({ isWinner, who, price, eta }): Line => {
    const shown = cut(who, whoCells);
    const mark = isWinner ? '* ' : '  ';
    const tail = `${pad(shown, whoCells)}  ${pad(price, priceCells)}${price}`;
    const text = `${mark}${shown}${tail}`;
    return [isWinner ? ['green', text] : text, etaCells === 0 ? '' : `  within ${eta}`];
  });
}

/** The holder of the task, its deadline and signs of life. */
export function leaseLines(looking: Looking): readonly Line[] {
  const { sheet, outlook, names, columns } = looking;
  const { lease } = sheet;
  if (lease === null) return [];
  const heard = outlook?.lease?.attempt === lease.attempt ? outlook.lease : null;
  const { price, holder, renewals } = lease;
  const about: Line[] = [[names.full(holder)], [creditsOf(price)]];
  if (renewals > 0) about.push([`renewed ${renewals} ${renewals === 1 ? 'time' : 'times'}`]);
  if (heard !== null && heard.aliveMs !== null) about.push([`heard ${period(heard.aliveMs)} ago`]);
  const until = heard?.expiresAt ?? lease.period.until;
  return [...flow(about, columns), countdown({ from: lease.period.from, until }, looking)];
}

/** How far work is, as its worker says. */
export function progressLine(
  { done, total, note }: { readonly done: number; readonly total: number; readonly note: string },
  columns: number,
): Line {
  const share = total > 0 ? done / total : 0;
  return [bar(share, barCells(columns)), ` ${Math.round(Math.min(1, Math.max(0, share)) * 100)} % ${oneLine(note)}`];
}

/** Where the money is and went; what is nothing is not said. */
export function moneyLines({ sheet, columns }: Pick<Looking, 'sheet' | 'columns'>): readonly Line[] {
  const { put, held, work, seats, tasks, logs, plants, unearned, refunded, bonds, slashed } = sheet.money;
  const part = (amount: number, text: string): readonly Line[] =>
    amount === 0 ? [] : [[`${credits(amount)} ${text}`]];
  const parts = [
    ...part(put, 'put in'),
    [`${credits(held)} in escrow`],
    ...part(work, 'paid for work'),
    ...part(seats, 'paid to seats'),
    ...part(tasks, 'to tasks of its plan'),
    ...part(logs, 'for log space'),
    ...part(plants, 'to the fund for plants'),
    ...part(unearned, 'of seat fees burned'),
    ...part(refunded, 'came back'),
    ...part(bonds, 'in bonds'),
    ...(slashed === 0 ? [] : [[['red', `${credits(slashed)} slashed`] as const]]),
  ];
  return flow(parts, columns);
}
