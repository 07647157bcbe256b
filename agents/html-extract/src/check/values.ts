import { MONTHS } from '../rules.ts';

/** The value of a text for a type of field; undefined when it is none. */
export function valueAs(type: string, text: string, base: string | undefined): string | undefined {
  if (type === 'integer') return numeral(text, false);
  if (type === 'decimal') return numeral(text, true);
  if (type === 'date') return day(text);
  return type === 'url' ? address(text, base) : text;
}

/** Digits with a sign and, if it may have one, a fraction; groups of three are parted by one and the same mark. */
function numeral(text: string, mayBreak: boolean): string | undefined {
  const first = text.charAt(0);
  const isNegative = first === '-' || first === '\u2212';
  const [whole = '', fraction, ...more] = (isNegative || first === '+' ? text.slice(1) : text).split('.');
  if (more.length > 0 || (fraction !== undefined && (!mayBreak || !/^[0-9]+$/.test(fraction)))) return undefined;
  const mark = /[^0-9]/.exec(whole)?.[0];
  const groups = mark === undefined ? [whole] : whole.split(mark);
  if (mark !== undefined) {
    const [head = '', ...tail] = groups;
    if (![',', ' ', '\u2009', '\u202f'].includes(mark) || !/^[0-9]{1,3}$/.test(head)) return undefined;
    if (tail.some((group) => !/^[0-9]{3}$/.test(group))) return undefined;
  }
  if (whole === '' && fraction === undefined) return undefined;
  const digits = groups.join('');
  let zeros = 0;
  while (zeros < digits.length - 1 && digits[zeros] === '0') zeros += 1;
  const number = (digits.slice(zeros) || '0') + (fraction === undefined ? '' : `.${fraction}`);
  return isNegative && /[1-9]/.test(number) ? `-${number}` : number;
}

/** A date in numbers, year first, or with the name of its month. */
function day(text: string): string | undefined {
  const parts = /^\d{4}-\d\d-\d\d$/.test(text) ? text.split('-') : undefined;
  if (parts !== undefined) return calendar(parts[0], Number(parts[1]), parts[2]);
  const named =
    /^(?<day>\d\d?)\.? (?<month>[A-Za-z]+)\.?,? (?<year>\d{4})$/.exec(text) ??
    /^(?<month>[A-Za-z]+)\.? (?<day>\d\d?),? (?<year>\d{4})$/.exec(text);
  const name = named?.groups?.['month']?.toLowerCase() ?? '';
  const month = MONTHS.find((one) => name === one || (name.length === 3 && one.startsWith(name)));
  if (month === undefined) return undefined;
  return calendar(named?.groups?.['year'], MONTHS.indexOf(month) + 1, named?.groups?.['day']);
}

/** The day if the calendar has it. */
function calendar(year = '', month = 0, date = ''): string | undefined {
  const isLeap = Number(year) % (Number(year) % 25 === 0 ? 16 : 4) === 0;
  // From August on the months of 31 days are the even ones.
  const days = month === 2 ? (isLeap ? 29 : 28) : 30 + ((month + Math.floor(month / 8)) % 2);
  if (month < 1 || month > 12 || Number(date) < 1 || Number(date) > days) return undefined;
  return `${year}-${`0${month}`.slice(-2)}-${`0${Number(date)}`.slice(-2)}`;
}

function address(text: string, base: string | undefined): string | undefined {
  try {
    const { protocol, href } = new URL(text, base);
    return /^(?:https?|ftp|mailto):$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
