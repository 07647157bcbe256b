const DIGITS_MAX = 34;

/** A text of digits with separators between, as it is cut; its meaning depends on the notation. */
interface Figure {
  readonly sign: string;
  /** One more than separators. */
  readonly runs: readonly string[];
  /** Kinds of separators: comma, point, space, apostrophe. */
  readonly separators: readonly string[];
}

function separatorKind(code: number): string | null {
  switch (code) {
    case 0x2c:
      return ',';
    case 0x2e:
      return '.';
    case 0x27:
    case 0x2019:
      return "'";
    case 0x20:
    case 0xa0:
    case 0x2009:
    case 0x202f:
      return ' ';
    default:
      return null;
  }
}

function figureOf(text: string): Figure | null {
  const signed = text.startsWith('-') || text.startsWith('+');
  const runs: string[] = [];
  const separators: string[] = [];
  let start = signed ? 1 : 0;
  let digits = 0;
  for (let at = start; at <= text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      if (digits > DIGITS_MAX) return null;
      continue;
    }
    if (at === start) return null;
    runs.push(text.slice(start, at));
    if (at === text.length) break;
    const kind = separatorKind(code);
    if (kind === null) return null;
    separators.push(kind);
    start = at + 1;
  }
  return { sign: signed ? text.charAt(0) : '', runs, separators };
}

/** A number to the last digit: `units` times 10 to the power of minus `places`. */
export interface Exact {
  readonly units: bigint;
  readonly places: number;
  /** As a plain decimal with the sign, zeros and places of the cell. */
  readonly plain: string;
}

export interface Notation {
  readonly group: string | null;
  readonly mark: string;
}

/** What every program reads. */
export const PLAIN: Notation = { group: null, mark: '.' };

const MARKS = ['.', ','] as const;
const GROUPS = [null, ',', '.', ' ', "'"] as const;
const NOTATIONS: readonly Notation[] = MARKS.flatMap((mark) =>
  GROUPS.filter((group) => group !== mark).map((group) => ({ group, mark })),
);

/** The number that a cell is in a notation; null where it is none. */
export function readIn(text: string, notation: Notation): Exact | null {
  const figure = figureOf(text);
  const parts = figure === null ? null : cut(figure, notation);
  if (figure === null || parts === null) return null;
  const { whole, places } = parts;
  const plain = places === '' ? whole : `${whole}.${places}`;
  const units = BigInt(whole + places);
  return { units: figure.sign === '-' ? -units : units, places: places.length, plain: figure.sign + plain };
}

/** The digits before and after the decimal mark; null where the separators are not those of the notation. */
function cut(
  { runs, separators }: Figure,
  { group, mark }: Notation,
): { readonly whole: string; readonly places: string } | null {
  const hasPlaces = separators.at(-1) === mark;
  const whole = hasPlaces ? runs.slice(0, -1) : runs;
  const between = hasPlaces ? separators.length - 1 : separators.length;
  for (let at = 0; at < between; at++) if (separators[at] !== group) return null;
  if (!isGrouped(whole)) return null;
  return { whole: whole.join(''), places: hasPlaces ? (runs.at(-1) ?? '') : '' };
}

/** One run of any digits, or groups of three after a first one of one to three that begins with no zero. */
function isGrouped([first = '', ...others]: readonly string[]): boolean {
  if (others.length === 0) return true;
  return first.length <= 3 && !first.startsWith('0') && others.every((run) => run.length === 3);
}

/** What the numbers of a column are written in; null where they are none, or `unclear` of them would differ. */
export function columnNotation(
  cells: readonly string[],
  mark: string | null,
): { readonly notation: Notation | null; readonly unclear: number } {
  const some = cells.filter((cell) => cell !== '');
  let possible = some.length === 0 ? [] : NOTATIONS.filter((one) => mark === null || one.mark === mark);
  for (const cell of some) {
    if (possible.length === 0) break;
    const figure = figureOf(cell);
    possible = figure === null ? [] : possible.filter((one) => cut(figure, one) !== null);
  }
  const plain = possible.find(({ group, mark: point }) => group === null && point === '.');
  if (plain !== undefined || possible.length <= 1) return { notation: plain ?? possible[0] ?? null, unclear: 0 };
  const unclear = some.filter((cell) => differs(cell, possible)).length;
  return { notation: unclear === 0 ? (possible[0] ?? null) : null, unclear };
}

function differs(cell: string, notations: readonly Notation[]): boolean {
  const [first, ...others] = notations.map((one) => readIn(cell, one));
  return others.some((one) => !isSame(one ?? null, first ?? null));
}

function isSame(one: Exact | null, other: Exact | null): boolean {
  if (one === null || other === null) return one === other;
  return one.units * 10n ** BigInt(other.places) === other.units * 10n ** BigInt(one.places);
}
