const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

/** Month by each word for it. */
const MONTH_OF = new Map<string, number>([
  ...MONTHS.flatMap((name, index): [string, number][] => [
    [name, index + 1],
    [name.slice(0, 3), index + 1],
  ]),
  ['sept', 9],
]);

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const DAY_MONTH_NAME = /^(\d{1,2})([- ])([A-Za-z]{3,9})\2(\d{4})$/;
const MONTH_NAME_DAY = /^([A-Za-z]{3,9}) (\d{1,2}),? (\d{4})$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/;
const LONGEST = 18;

/** Which of day and month comes first in dates such as 3/4/2020; null: not known. */
export type DayOrder = 'day' | 'month' | null;

/** The day that a cell names, as ISO 8601; undefined where it is no date or names more than one. */
export function isoDate(cell: string, order: DayOrder): string | undefined {
  if (cell.length > LONGEST) return undefined;
  const yearFirst = YEAR_FIRST.exec(cell);
  if (yearFirst !== null) return dayOf(yearFirst[1], yearFirst[3], yearFirst[4]);
  const dayMonth = DAY_MONTH_NAME.exec(cell);
  if (dayMonth !== null) return dayOf(dayMonth[4], monthNamed(dayMonth[3]), dayMonth[1]);
  const monthDay = MONTH_NAME_DAY.exec(cell);
  if (monthDay !== null) return dayOf(monthDay[3], monthNamed(monthDay[1]), monthDay[2]);
  if (order === null) return undefined;
  const { byDay, byMonth } = readings(cell);
  return order === 'day' ? byDay : byMonth;
}

/** What dates such as 3/4/2020 of one column show of their order. */
export class DayOrderEvidence {
  #day = false;
  #month = false;
  #dates = 0;

  add(cell: string): void {
    const { byDay, byMonth } = readings(cell);
    if (byDay === undefined && byMonth === undefined) return;
    this.#dates += 1;
    if (byMonth === undefined) this.#day = true;
    if (byDay === undefined) this.#month = true;
  }

  /** The order that some cell has and none contradicts. */
  order(): DayOrder {
    if (this.#day === this.#month) return null;
    return this.#day ? 'day' : 'month';
  }

  /** Cells that are dates of an order that is not known. */
  unclear(): number {
    return this.order() === null ? this.#dates : 0;
  }
}

interface Readings {
  readonly byDay: string | undefined;
  readonly byMonth: string | undefined;
}

const NO_READINGS: Readings = { byDay: undefined, byMonth: undefined };

function readings(cell: string): Readings {
  const match = cell.length > LONGEST ? null : YEAR_LAST.exec(cell);
  if (match === null) return NO_READINGS;
  const [, first, , second, year] = match;
  return { byDay: dayOf(year, second, first), byMonth: dayOf(year, first, second) };
}

function monthNamed(word: string | undefined): string | undefined {
  return MONTH_OF.get(word?.toLowerCase() ?? '')?.toString();
}

/** The day as ISO 8601, or undefined when the calendar has none such. */
function dayOf(year: string | undefined, month: string | undefined, day: string | undefined): string | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const real = y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m);
  return real ? `${year}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}` : undefined;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
