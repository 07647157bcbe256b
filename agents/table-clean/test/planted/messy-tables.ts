import type { SeededChance } from '@canswarm/agent-testing';

type MakeCell = (chance: SeededChance) => string;

const digits = (chance: SeededChance, count: number): string =>
  Array.from({ length: count }, () => chance.below(10)).join('');

const grouped = (chance: SeededChance, group: string, mark: string): string =>
  `${1 + chance.below(999)}${group}${digits(chance, 3)}${chance.below(2) === 0 ? '' : mark + digits(chance, 2)}`;

const two = (number: number): string => String(number).padStart(2, '0');
const WORDS = ['lamp', 'desk', 'chair, red', 'a "good" pen', 'café', '東京', 'line\nbreak', 'x'];
const MONTHS = ['Jan', 'february', 'MAR', 'April', 'may', 'Sept', 'December'];

/** What the cells of a column are made of, one kind for each column of a table. */
const KINDS: readonly MakeCell[] = [
  (chance) => chance.of(['', ' ', '  ']) + chance.of(WORDS) + chance.of(['', ' ', '\u00a0', '  more']),
  (chance) => digits(chance, 1 + chance.below(6)),
  (chance) => `${chance.of(['', '-'])}${grouped(chance, '.', ',')}`,
  (chance) => grouped(chance, ',', '.'),
  (chance) => grouped(chance, chance.of([' ', '\u202f']), ','),
  (chance) => `${chance.below(90)},${digits(chance, 1 + chance.below(3))}`,
  (chance) => `${1 + chance.below(28)}/${1 + chance.below(12)}/${1990 + chance.below(40)}`,
  (chance) => `${two(1 + chance.below(12))}-${two(1 + chance.below(28))}-${2000 + chance.below(30)}`,
  (chance) => `${1 + chance.below(30)} ${chance.of(MONTHS)} ${1 + chance.below(9)}${digits(chance, 3)}`,
  (chance) => `${chance.of(MONTHS)} ${1 + chance.below(31)}, 2024`,
  (chance) => `${2000 + chance.below(30)}${chance.of(['/', '.', '-'])}1${chance.below(3)}.7`.replace('.7', '/07'),
  (chance) => chance.of(['NA', 'DE', 'FR', 'BR']),
  (chance) => chance.of(['=1+1', '@x', '+49 30', '-', 'ok']),
];

const NAMES = ['id', ' name', 'name', '', 'Price ', '__proto__', 'constructor', 'id', 'date'];
const EMPTY = ['', '', 'NA', 'N/A', '-', 'null', ' '];

/** A table as people hand them over: every kind of mess that the agent cleans, and some that it must leave alone. */
export function messyTable(chance: SeededChance, rows: number): string {
  const delimiter = chance.of([',', ';', '\t', '|']);
  const end = chance.of(['\n', '\r\n', '\r']);
  const kinds = Array.from({ length: 2 + chance.below(6) }, () => chance.of(KINDS));
  const records = [kinds.map(() => chance.of(NAMES))];
  for (let row = 0; row < rows; row++) {
    const earlier = records.length > 1 ? chance.of(records.slice(1)) : undefined;
    const dice = chance.below(20);
    if (dice === 0 && earlier !== undefined) records.push(earlier);
    else if (dice === 1) records.push(kinds.map(() => chance.of(EMPTY)));
    else if (dice === 2) records.push(['']);
    else if (dice === 3) records.push(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    else records.push(kinds.map((make) => (chance.below(8) === 0 ? chance.of(EMPTY) : make(chance))));
  }
  const field = (cell: string): string => {
    const must = cell.includes(delimiter) || /["\r\n]/.test(cell);
    return must || chance.below(10) === 0 ? `"${cell.replaceAll('"', '""')}"` : cell;
  };
  const text = records.map((record) => record.map(field).join(delimiter)).join(end);
  return chance.of(['', '\ufeff']) + text + chance.of(['', end]);
}
