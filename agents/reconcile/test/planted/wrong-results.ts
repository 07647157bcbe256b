import type { Content, SeededChance } from '@canswarm/agent-testing';
import { type Changeable, Draft, NAMES, type Name } from './draft.ts';

/** Makes a result wrong in one way at a place of chance; null where it has no such place. */
export type Plant = (honest: Content, chance: SeededChance) => Content | null;

const altered =
  (alter: (draft: Draft, chance: SeededChance) => boolean): Plant =>
  (honest, chance) => {
    const draft = new Draft(honest);
    return alter(draft, chance) ? draft.content() : null;
  };

/** The text with one of its digits made another; null where it has none. */
function otherDigit(text: string, chance: SeededChance): string | null {
  const places = [...text].flatMap((character, at) => (/[0-9]/.test(character) ? [at] : []));
  if (places.length === 0) return null;
  const at = chance.of(places);
  return text.slice(0, at) + ((Number(text[at]) + 1 + chance.below(9)) % 10) + text.slice(at + 1);
}

/** A record of a table of the result that is not its header; undefined where there is none. */
const someRow = (draft: Draft, name: Name, chance: SeededChance): number | undefined => {
  const rows = draft.tables[name].length - 1;
  return rows < 1 ? undefined : 1 + chance.below(rows);
};

/** Takes a record away from a table of the result. */
function take(draft: Draft, name: Name, chance: SeededChance): string[] | undefined {
  const at = someRow(draft, name, chance);
  return at === undefined ? undefined : draft.tables[name].splice(at, 1)[0];
}

const totalsOf = (draft: Draft): readonly Changeable[] =>
  draft.columns().flatMap(({ totals }) => (totals === null ? [] : [totals as Changeable]));

export const PLANTS: Readonly<Record<string, Plant>> = {
  'cell of a table altered': altered((draft, chance) => {
    const row = chance.of(draft.tables[chance.of(NAMES)]);
    const at = chance.below(row.length);
    row[at] = `${row[at]}${chance.of(['7', 'x', ' '])}`;
    return true;
  }),
  'difference left out': altered((draft, chance) => take(draft, 'differences.csv', chance) !== undefined),
  'difference left out, counted': altered((draft, chance) => {
    const column = take(draft, 'differences.csv', chance)?.at(-4);
    const found = draft.columns().find(({ left }) => left === column);
    if (found === undefined) return false;
    found['different'] = Number(found['different']) - 1;
    draft.count('differences', -1);
    draft.count('different', -1);
    draft.count('equal', 1);
    return true;
  }),
  'difference of another amount': altered((draft, chance) => {
    const amounts = draft.tables['differences.csv'].slice(1).filter((row) => row.at(-1) !== '');
    if (amounts.length === 0) return false;
    const row = chance.of(amounts);
    row[row.length - 1] = otherDigit(row.at(-1) ?? '', chance) ?? '';
    return true;
  }),
  'difference made up': altered((draft, chance) => {
    const rows = draft.tables['differences.csv'];
    const at = someRow(draft, 'differences.csv', chance);
    if (at === undefined) return false;
    rows.splice(at, 0, [...(rows[at] ?? [])]);
    draft.count('differences', chance.below(2));
    return true;
  }),
  'other partner': altered((draft, chance) => {
    const at = someRow(draft, 'differences.csv', chance);
    const row = at === undefined ? undefined : draft.tables['differences.csv'][at];
    if (row === undefined) return false;
    const side = chance.below(2);
    row[side] = String(Number(row[side]) + 1);
    return true;
  }),
  'lone record left out': altered((draft, chance) => {
    const side = chance.of(['left', 'right'] as const);
    if (take(draft, `only-${side}.csv`, chance) === undefined) return false;
    const field = side === 'left' ? 'onlyLeft' : 'onlyRight';
    if (chance.below(2) === 0) draft.count(field, -1);
    return true;
  }),
  'lone records called a pair': altered((draft, chance) => {
    const [left, right] = [take(draft, 'only-left.csv', chance), take(draft, 'only-right.csv', chance)];
    if (left === undefined || right === undefined) return false;
    for (const [field, by] of [
      ['onlyLeft', -1],
      ['onlyRight', -1],
      ['matched', 1],
      ['equal', 1],
    ] as const)
      draft.count(field, by);
    return true;
  }),
  'lone record on the other side': altered((draft, chance) => {
    const row = take(draft, 'only-left.csv', chance);
    if (row === undefined) return false;
    draft.tables['only-right.csv'].push(row);
    draft.count('onlyLeft', -1);
    draft.count('onlyRight', 1);
    return true;
  }),
  'records in another order': altered((draft, chance) => {
    const rows = draft.tables[chance.of(NAMES)];
    if (rows.length < 3) return false;
    const at = 1 + chance.below(rows.length - 2);
    const [one = [], other = []] = rows.slice(at, at + 2);
    if (one.join('\n') === other.join('\n')) return false;
    rows.splice(at, 2, other, one);
    return true;
  }),
  'repeated key left out': altered((draft, chance) => {
    const row = take(draft, 'duplicates.csv', chance);
    if (row === undefined) return false;
    draft.count('keys', -chance.below(2), 'duplicates');
    return true;
  }),
  'repeated key with other records': altered((draft, chance) => {
    const at = someRow(draft, 'duplicates.csv', chance);
    const row = at === undefined ? undefined : draft.tables['duplicates.csv'][at];
    if (row === undefined) return false;
    row[row.length - 1] = `${row.at(-1)} 999`.trim();
    draft.count('right', 1, 'duplicates');
    return true;
  }),
  'total altered': altered((draft, chance) => {
    const totals = totalsOf(draft);
    if (totals.length === 0) return false;
    const one = chance.of(totals);
    const field = chance.of(Object.keys(one).filter((name) => name !== 'notNumbers'));
    one[field] = otherDigit(String(one[field]), chance) ?? '1';
    return true;
  }),
  'totals altered so that they close': altered((draft, chance) => {
    const totals = totalsOf(draft);
    if (totals.length === 0) return false;
    const one = chance.of(totals);
    const [left, right] = chance.below(2) === 0 ? (['left', 'right'] as const) : (['onlyLeft', 'onlyRight'] as const);
    for (const field of [left, right]) one[field] = `1${String(one[field]).replace('-', '')}`;
    return true;
  }),
  'count altered': altered((draft, chance) => {
    const simple = ['matched', 'equal', 'different', 'differences', 'onlyLeft', 'onlyRight', 'formulas'];
    if (chance.below(2) === 0) draft.count(chance.of(simple), 1);
    else draft.count(chance.of(['left', 'right']), 1, chance.of(['rows', 'blank', 'skipped', 'duplicates']));
    return true;
  }),
  'column described otherwise': altered((draft, chance) => {
    if (draft.columns().length === 0) return false;
    const column = chance.of(draft.columns());
    const field = chance.of(['left', 'right', 'tolerance', 'different']);
    column[field] = field === 'different' ? Number(column[field]) + 1 : `${column[field] ?? ''}0`;
    return true;
  }),
  'table written in another way': (honest, chance) => {
    const name = chance.of(NAMES);
    const text = new TextDecoder().decode(honest.files.get(name));
    const ways = [
      text.slice(0, -1),
      `${text}\n`,
      text.replaceAll('\n', '\r\n'),
      `\ufeff${text}`,
      text.replaceAll(',', ';'),
    ];
    return { value: honest.value, files: new Map([...honest.files, [name, Buffer.from(chance.of(ways))]]) };
  },
  'said to be unusable': (_, chance) => {
    const side = chance.of(['left', 'right', 'result']);
    const code = chance.of(['quotes', 'binary', 'no_such_column', 'result_too_large']);
    return { value: { status: 'unusable', reasons: [{ side, code, row: null, column: null }] }, files: new Map() };
  },
  'file too many or too few': (honest, chance) => {
    const files = new Map(honest.files);
    const name = chance.of([...NAMES, 'notes.txt']);
    if (!files.delete(name)) files.set(name, new Uint8Array(1));
    return { value: honest.value, files };
  },
};
