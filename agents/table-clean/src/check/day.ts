const ENGLISH = 'january february march april may june july august september october november december'.split(' ');

/** A number or word of a date, or what stands between. */
type Token = { readonly digits: string } | { readonly word: string } | { readonly between: string };

/** Parts of what may be a date; null when it has a character or more parts than none has. */
function tokens(text: string): readonly Token[] | null {
  if (text.length > 18) return null;
  const found: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const start = at;
    while (isDigit(text.charCodeAt(at))) at += 1;
    if (at > start) {
      found.push({ digits: text.slice(start, at) });
      continue;
    }
    while (isLetter(text.charCodeAt(at))) at += 1;
    if (at > start) {
      found.push({ word: text.slice(start, at).toLowerCase() });
      continue;
    }
    while (at < text.length && '-/., '.includes(text.charAt(at))) at += 1;
    if (at === start || found.length > 5) return null;
    found.push({ between: text.slice(start, at) });
  }
  return found;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

/** All days that a text may name, as ISO 8601. */
export interface Days {
  /** Of a text that names one day, whatever the column. */
  readonly certain: string | null;
  /** Of a text such as 3/4/2020: with the day first, with the month first. */
  readonly dayFirst: string | null;
  readonly monthFirst: string | null;
}

const NO_DAY: Days = { certain: null, dayFirst: null, monthFirst: null };

export function daysOf(text: string): Days {
  const parts = tokens(text);
  if (parts === null || parts.length !== 5) return NO_DAY;
  const [a, first, b, second, c] = parts;
  if (a === undefined || b === undefined || c === undefined) return NO_DAY;
  if (first === undefined || second === undefined || !('between' in first) || !('between' in second)) return NO_DAY;
  return daysOfParts([a, b, c], first.between, second.between);
}

function daysOfParts([a, b, c]: readonly [Token, Token, Token], first: string, second: string): Days {
  if (!('digits' in c)) return NO_DAY;
  if ('word' in a && 'digits' in b) {
    const separated = first === ' ' && (second === ' ' || second === ', ');
    return separated && isYear(c.digits) ? certainly(c.digits, month(a.word), b.digits) : NO_DAY;
  }
  if (!('digits' in a) || first !== second || first.length !== 1) return NO_DAY;
  if ('word' in b)
    return '- '.includes(first) && isYear(c.digits) ? certainly(c.digits, month(b.word), a.digits) : NO_DAY;
  if (!('digits' in b) || !'-/.'.includes(first)) return NO_DAY;
  if (isYear(a.digits)) return certainly(a.digits, short(b.digits), c.digits);
  if (!isYear(c.digits)) return NO_DAY;
  return {
    certain: null,
    dayFirst: calendarDay(c.digits, short(b.digits), a.digits),
    monthFirst: calendarDay(c.digits, short(a.digits), b.digits),
  };
}

const isYear = (digits: string): boolean => digits.length === 4;
const short = (digits: string): number => (digits.length <= 2 ? Number(digits) : 0);

/** 1 to 12; 0 for a word that names no month. */
function month(word: string): number {
  if (word === 'sept') return 9;
  return 1 + ENGLISH.findIndex((name) => name === word || (word.length === 3 && name.startsWith(word)));
}

const certainly = (year: string, month: number, day: string): Days => ({
  ...NO_DAY,
  certain: calendarDay(year, month, day),
});

/** The day as ISO 8601; null when the calendar has none such: it would be one of the next month. */
function calendarDay(year: string, month: number, day: string): string | null {
  const [y, d] = [Number(year), short(day)];
  if (y === 0 || month < 1 || month > 12 || d === 0) return null;
  const next = month === 12 ? dayNumber(y + 1, 1, 1) : dayNumber(y, month + 1, 1);
  if (dayNumber(y, month, d) >= next) return null;
  return [year, ...[month, d].map((part) => (part < 10 ? `0${part}` : `${part}`))].join('-');
}

/** Days since the first of March of the year 0: years are counted from March, so that the odd day is their last. */
function dayNumber(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1;
  const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  const monthsFromMarch = (month + 9) % 12;
  return years * 365 + leaps + Math.floor((153 * monthsFromMarch + 2) / 5) + day - 1;
}

/** Which day order the dates of one column have: one that some of them have to have, and none cannot have. */
export function columnOrder(cells: readonly string[]): {
  readonly order: 'dayFirst' | 'monthFirst' | null;
  readonly unclear: number;
} {
  let [dated, onlyDay, onlyMonth] = [0, 0, 0];
  for (const cell of cells) {
    const { dayFirst, monthFirst } = daysOf(cell);
    if (dayFirst !== null || monthFirst !== null) dated += 1;
    if (dayFirst !== null && monthFirst === null) onlyDay += 1;
    if (dayFirst === null && monthFirst !== null) onlyMonth += 1;
  }
  if (onlyDay > 0 && onlyMonth === 0) return { order: 'dayFirst', unclear: 0 };
  if (onlyMonth > 0 && onlyDay === 0) return { order: 'monthFirst', unclear: 0 };
  return { order: null, unclear: dated };
}
