const PLAIN = /^[+-]?\d+(?:\.\d+)?$/;
const DIGITS_MAX = 34;
const LONGEST = DIGITS_MAX + 2;
/** Places that every number is kept with. */
const SCALE = 34;

/** The units of 10^-34 of a plain decimal of at most 34 digits; null for any other text. */
export function unitsOf(text: string): bigint | null {
  if (text.length > LONGEST || !PLAIN.test(text)) return null;
  const [whole = '', places = ''] = text.replace(/^[+-]/, '').split('.');
  if (whole.length + places.length > DIGITS_MAX) return null;
  const units = BigInt(whole + places.padEnd(SCALE, '0'));
  return text.startsWith('-') ? -units : units;
}

/** As a decimal without zeros that say nothing. */
export function decimalText(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(SCALE + 1, '0');
  const places = digits.slice(-SCALE).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -SCALE)}${places === '' ? '' : `.${places}`}`;
}
