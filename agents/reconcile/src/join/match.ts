import type { ColumnPair, ComparedColumn } from './columns.ts';
import { unitsOf } from './decimal.ts';
import type { Side } from './options.ts';
import type { Entry, Sheet } from './sheet.ts';

/** Records of both tables with one key, in their order. */
export type Group = Readonly<Record<Side, Entry[]>>;

export interface Matching {
  /** By the first record of each: those of the left table first. */
  readonly groups: readonly Group[];
  /** In the order of the left table. */
  readonly pairs: readonly { readonly left: Entry; readonly right: Entry }[];
  /** In the order of their tables. */
  readonly only: Readonly<Record<Side, readonly Entry[]>>;
}

export interface MatchRule {
  readonly keys: readonly ColumnPair[];
  readonly compared: readonly ComparedColumn[];
  normalise(cell: string): string;
}

/**
 * Matches records of the same key by hashing the keys. Where a key has several records, those whose compared cells say the same are
 * paired first, then what remains, both in order.
 */
export function match(sheets: Readonly<Record<Side, Sheet>>, rule: MatchRule): Matching {
  const byKey = new Map<string, Group>();
  for (const side of ['left', 'right'] as const) {
    for (const entry of sheets[side].entries) {
      const key = JSON.stringify(rule.keys.map((pair) => rule.normalise(entry.cells[pair[side]] ?? '')));
      const group = byKey.get(key);
      if (group !== undefined) group[side].push(entry);
      else byKey.set(key, side === 'left' ? { left: [entry], right: [] } : { left: [], right: [entry] });
    }
  }
  const partners = new Map<Entry, Entry>();
  const taken = new Set<Entry>();
  for (const group of byKey.values()) {
    for (const [left, right] of pairsOf(group, rule)) {
      partners.set(left, right);
      taken.add(right);
    }
  }
  const pairs = sheets.left.entries.flatMap((left) => {
    const right = partners.get(left);
    return right === undefined ? [] : [{ left, right }];
  });
  const only = {
    left: sheets.left.entries.filter((entry) => !partners.has(entry)),
    right: sheets.right.entries.filter((entry) => !taken.has(entry)),
  };
  return { groups: [...byKey.values()], pairs, only };
}

function pairsOf({ left, right }: Group, rule: MatchRule): readonly (readonly [Entry, Entry])[] {
  if (left.length === 0 || right.length === 0) return [];
  const [first, other] = [left[0], right[0]];
  if (left.length === 1 && right.length === 1 && first !== undefined && other !== undefined) return [[first, other]];
  const numberOf = numbering();
  const same = new Map<string, Entry[]>();
  // From the last to the first, so that the first is taken first.
  for (const entry of right.toReversed()) {
    const said = contentOf(entry, 'right', rule, numberOf);
    const some = same.get(said);
    if (some === undefined) same.set(said, [entry]);
    else some.push(entry);
  }
  const partners = new Map<Entry, Entry>();
  for (const entry of left) {
    const partner = same.get(contentOf(entry, 'left', rule, numberOf))?.pop();
    if (partner !== undefined) partners.set(entry, partner);
  }
  const used = new Set(partners.values());
  const rest = right.filter((entry) => !used.has(entry))[Symbol.iterator]();
  return left.flatMap((entry): (readonly [Entry, Entry])[] => {
    const partner = partners.get(entry) ?? rest.next().value;
    return partner === undefined ? [] : [[entry, partner]];
  });
}

/** What the compared cells of a record say: numbers by their amount, all else by its text. Each is kept once, by its number. */
function contentOf(
  { cells }: Entry,
  side: Side,
  { compared, normalise }: MatchRule,
  numberOf: (said: string, isText: boolean) => number,
): string {
  const said = compared.map((column) => {
    const text = normalise(cells[column[side]] ?? '');
    const units = column.tolerance === null ? null : unitsOf(text);
    return units === null ? numberOf(text, true) : numberOf(`${units}`, false);
  });
  return said.join();
}

/** Gives each text and amount a number, the same for the same: a long cell may be compared with many others. */
function numbering(): (said: string, isText: boolean) => number {
  const [texts, amounts] = [new Map<string, number>(), new Map<string, number>()];
  return (said, isText) => {
    const known = isText ? texts : amounts;
    const number = known.get(said) ?? texts.size + amounts.size;
    known.set(said, number);
    return number;
  };
}
