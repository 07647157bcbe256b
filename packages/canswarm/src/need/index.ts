/**
 * What the life of a need looks like, from entries of a log alone: where it stands, its steps, and why it has no result.
 *
 *     const sheet = entries.reduce(sheetAfter, BLANK_SHEET);
 *     const steps = stepsOf(entries);
 */
export type { Attempt, Said } from './attempts.ts';
export type { CommitteeSheet, SeatSheet } from './committee-sheet.ts';
export type { Hindrance, HindranceCode } from './hindrance.ts';
export type { NeedMoney } from './money.ts';
export type { SaidBid, SaidVote } from './said.ts';
export { type Auction, BLANK_SHEET, type LeaseSheet, type NeedSheet, type Period, sheetAfter } from './sheet.ts';
export { type Moved, movedBy, type Step, stepsOf } from './steps.ts';
