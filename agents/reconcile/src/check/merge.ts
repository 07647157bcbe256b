import type { Columns } from './columns.ts';
import { textOf } from './figure.ts';
import type { Sheet } from './sheet.ts';

/** Records of one key, by their numbers, in order. */
export interface Group {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

export interface Merged {
  /** Keys with several records on a side: by the first record of the left table, those without one by that of the right one. */
  readonly repeated: readonly Group[];
  /** Record of the right table by that of the left one. */
  readonly partners: ReadonlyMap<number, number>;
}

/** Brings both tables into the order of their keys and goes through them side by side. */
export function merge(left: Sheet, right: Sheet, columns: Columns): Merged {
  const [keysLeft, keysRight] = [keyed(left, columns, 0), keyed(right, columns, 1)];
  const groups: Group[] = [];
  let [l, r] = [0, 0];
  while (l < keysLeft.length || r < keysRight.length) {
    const order = compareKeys(keysLeft[l], keysRight[r]);
    const lEnd = order <= 0 ? endOf(keysLeft, l) : l;
    const rEnd = order >= 0 ? endOf(keysRight, r) : r;
    groups.push({ left: numbersOf(keysLeft.slice(l, lEnd)), right: numbersOf(keysRight.slice(r, rEnd)) });
    [l, r] = [lEnd, rEnd];
  }
  const partners = new Map<number, number>();
  for (const group of groups) for (const [one, other] of pairs(group, left, right, columns)) partners.set(one, other);
  const repeated = groups.filter((group) => group.left.length > 1 || group.right.length > 1);
  return { repeated: repeated.sort(byFirst), partners };
}

interface Keyed {
  readonly number: number;
  readonly key: readonly string[];
}

/** Records by their keys, those of one key in their order. */
function keyed(sheet: Sheet, { keys }: Columns, side: 0 | 1): readonly Keyed[] {
  const all = sheet.rows.map((number) => ({ number, key: keys.map(({ places }) => sheet.said(number, places[side])) }));
  return all.sort((one, other) => compareKeys(one, other) || one.number - other.number);
}

/** What is not there comes last. */
function compareKeys(one: Keyed | undefined, other: Keyed | undefined): number {
  if (one === undefined || other === undefined) return one === undefined ? 1 : -1;
  for (let at = 0; at < one.key.length; at++) {
    const [a = '', b = ''] = [one.key[at], other.key[at]];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

function endOf(keys: readonly Keyed[], start: number): number {
  let end = start + 1;
  while (end < keys.length && compareKeys(keys[start], keys[end]) === 0) end += 1;
  return end;
}

const numbersOf = (keys: readonly Keyed[]): readonly number[] => keys.map(({ number }) => number);

/** Records that say the same are paired first, then the others; each time in order. */
function pairs(
  { left, right }: Group,
  leftSheet: Sheet,
  rightSheet: Sheet,
  columns: Columns,
): readonly [number, number][] {
  const [only, other] = [left[0], right[0]];
  if (only === undefined || other === undefined) return [];
  if (left.length === 1 && right.length === 1) return [[only, other]];
  const known = { texts: new Map<string, number>(), figures: new Map<string, number>() };
  const [here, there] = [worded(left, leftSheet, columns, 0, known), worded(right, rightSheet, columns, 1, known)];
  const found: [number, number][] = [];
  const [restHere, restThere]: [number[], number[]] = [[], []];
  let [l, r] = [0, 0];
  while (l < here.length || r < there.length) {
    const [one, two] = [here[l], there[r]];
    if (one !== undefined && two !== undefined && one.words === two.words) {
      found.push([one.number, two.number]);
      [l, r] = [l + 1, r + 1];
    } else if (two === undefined || (one !== undefined && one.words < two.words)) {
      if (one !== undefined) restHere.push(one.number);
      l += 1;
    } else {
      restThere.push(two.number);
      r += 1;
    }
  }
  restHere.sort((a, b) => a - b);
  restThere.sort((a, b) => a - b);
  for (const [at, number] of restHere.entries()) {
    const partner = restThere[at];
    if (partner !== undefined) found.push([number, partner]);
  }
  return found;
}

/** What cells of both sides say, counted: a long one is kept once. */
type Known = Readonly<Record<'texts' | 'figures', Map<string, number>>>;

/** Records by all that their compared cells say, those that say the same in their order. */
function worded(
  numbers: readonly number[],
  sheet: Sheet,
  { compared }: Columns,
  side: 0 | 1,
  { texts, figures }: Known,
) {
  const all = numbers.map((number) => {
    const parts = compared.map(({ places, tolerance }) => {
      const figure = tolerance === null ? null : sheet.figure(number, places[side]);
      return figure === null
        ? `t${placeIn(texts, sheet.said(number, places[side]))}`
        : `n${placeIn(figures, textOf(figure))}`;
    });
    return { number, words: parts.join(' ') };
  });
  return all.sort((one, other) =>
    one.words === other.words ? one.number - other.number : one.words < other.words ? -1 : 1,
  );
}

function placeIn(known: Map<string, number>, said: string): number {
  const place = known.get(said) ?? known.size;
  known.set(said, place);
  return place;
}

function byFirst(one: Group, other: Group): number {
  const [a, b] = [one.left[0], other.left[0]];
  if (a !== undefined && b !== undefined) return a - b;
  if (a !== undefined || b !== undefined) return a !== undefined ? -1 : 1;
  return (one.right[0] ?? 0) - (other.right[0] ?? 0);
}
