const DIGITS_MAX = 34;

/** A decimal to the last digit: `units` times 10 to the power of minus `places`. */
export interface Figure {
  readonly units: bigint;
  readonly places: number;
}

/** Reads a plain decimal character by character; null for any other text. */
export function figureOf(text: string): Figure | null {
  const signed = text.startsWith('-') || text.startsWith('+');
  let digits = '';
  let point = -1;
  for (let at = signed ? 1 : 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2e && point === -1 && digits !== '') point = digits.length;
    else if (code >= 0x30 && code <= 0x39 && digits.length < DIGITS_MAX) digits += text.charAt(at);
    else return null;
  }
  if (digits === '' || point === digits.length) return null;
  const units = BigInt(digits);
  return { units: text.startsWith('-') ? -units : units, places: point === -1 ? 0 : digits.length - point };
}

const scaled = ({ units, places }: Figure, to: number): bigint => units * 10n ** BigInt(to - places);

export function minus(one: Figure, other: Figure): Figure {
  const places = Math.max(one.places, other.places);
  return { units: scaled(one, places) - scaled(other, places), places };
}

/** Whether the size of one is at most the other, which is 0 or more. */
export function isWithin({ units, places }: Figure, most: Figure): boolean {
  const size = { units: units < 0n ? -units : units, places };
  return minus(size, most).units <= 0n;
}

export const ZERO: Figure = { units: 0n, places: 0 };

/** Without zeros at the end of its places, and no sign at zero. */
export function textOf({ units, places }: Figure): string {
  let [rest, left] = [units < 0n ? -units : units, places];
  while (left > 0 && rest % 10n === 0n) {
    rest /= 10n;
    left -= 1;
  }
  const digits = String(rest).padStart(left + 1, '0');
  const point = digits.length - left;
  return (units < 0n ? '-' : '') + (left > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits);
}

/** A sum that keeps figures apart by their places, and brings them together at the end. */
export class Sum {
  readonly #byPlaces = new Map<number, bigint>();

  add({ units, places }: Figure): void {
    this.#byPlaces.set(places, (this.#byPlaces.get(places) ?? 0n) + units);
  }

  total(): Figure {
    const most = Math.max(0, ...this.#byPlaces.keys());
    let units = 0n;
    for (const [places, sum] of this.#byPlaces) units += scaled({ units: sum, places }, most);
    return { units, places: most };
  }
}

/** What a spreadsheet may take for a formula: it begins like one and is no plain decimal. */
export const isFormula = (cell: string): boolean =>
  cell !== '' && '=+-@\t\r'.includes(cell.charAt(0)) && figureOf(cell) === null;
