import { MONTHS, type TYPES } from '../rules.ts';

export type FieldType = (typeof TYPES)[number];

/** Value of a text by a field's type, or why it is none. */
export type Typed = { readonly value: string } | { readonly reason: `not_${Exclude<FieldType, 'text'>}` };

const GROUPED = /^([+\u2212-]?)(\d{1,3}(?:([,\u2009\u202f ])\d{3}(?:\3\d{3})*)?|\d+)?(?:\.(\d+))?$/;
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_FIRST = /^(\d{1,2})\.? ([A-Za-z]+)\.?,? (\d{4})$/;
const MONTH_FIRST = /^([A-Za-z]+)\.? (\d{1,2}),? (\d{4})$/;
const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'ftp:', 'mailto:']);
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads a text, trimmed and not empty, as a value of the type. */
export function typed(text: string, type: FieldType, base: string | null): Typed {
  const value = READERS[type](text, base);
  return value === null ? { reason: `not_${type as Exclude<FieldType, 'text'>}` } : { value };
}

const READERS: Readonly<Record<FieldType, (text: string, base: string | null) => string | null>> = {
  text: (text) => text,
  integer: (text) => numberOf(text, false),
  decimal: (text) => numberOf(text, true),
  date: dateOf,
  url: urlOf,
};

/** Decimal text without grouping, leading zeros and plus sign; a fraction keeps its length. */
function numberOf(text: string, fractions: boolean): string | null {
  const match = GROUPED.exec(text);
  const [, sign = '', whole = '', group = '', fraction = ''] = match ?? [];
  if (match === null || (fraction !== '' && !fractions) || whole + fraction === '') return null;
  const digits = (group === '' ? whole : whole.replaceAll(group, '')).replace(/^0+(?=\d)/, '') || '0';
  const number = fraction === '' ? digits : `${digits}.${fraction}`;
  return (sign === '' || sign === '+' || /^[0.]*$/.test(number) ? '' : '-') + number;
}

/** A day of the Gregorian calendar as YYYY-MM-DD. */
function dateOf(text: string): string | null {
  const iso = ISO_DATE.exec(text);
  if (iso !== null) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const first = DAY_FIRST.exec(text);
  if (first !== null) return dayOf(Number(first[3]), monthOf(first[2]), Number(first[1]));
  const second = MONTH_FIRST.exec(text);
  return second === null ? null : dayOf(Number(second[3]), monthOf(second[1]), Number(second[2]));
}

/** 1 to 12; 0 for what is no name of a month. */
function monthOf(name = ''): number {
  const lower = name.toLowerCase();
  return 1 + MONTHS.findIndex((month) => month === lower || month.slice(0, 3) === lower);
}

function dayOf(year: number, month: number, day: number): string | null {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  if (day < 1 || day > (DAYS[month - 1] ?? 0) + leap) return null;
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** An absolute address of the web, of a file server or of mail. */
function urlOf(text: string, base: string | null): string | null {
  const url = URL.parse(text, base ?? undefined);
  return url !== null && SCHEMES.has(url.protocol) ? url.href : null;
}
