import type { Content, SeededChance } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { tablesInput } from './desk.ts';

const NAMES = [
  'Acme',
  'ACME',
  ' acme ',
  'Globex, Inc.',
  'a "good" one',
  'Müller',
  '=1+1',
  'line\nbreak',
  '',
  '__proto__',
];
const AMOUNTS = ['0', '1.5', '1.50', '-3.25', '99999999999999999999.01', '+7', 'n/a', '', '0.001', ' 2 '];

const amount = (chance: SeededChance): string =>
  chance.below(3) === 0 ? chance.of(AMOUNTS) : `${chance.below(500)}.${10 + chance.below(90)}`;

type Made = readonly [id: string, region: string, name: string, amount: string];

const entry = (chance: SeededChance, ids: number): Made => [
  `${chance.below(ids)}`,
  chance.of(['N', 's']),
  chance.of(NAMES),
  amount(chance),
];

/** The entry as another books it: mostly the same, sometimes with another name or amount. */
function retold([id, region, name, sum]: Made, chance: SeededChance): Made {
  const dice = chance.below(8);
  if (dice === 0) return [id, region, chance.of(NAMES), sum];
  if (dice === 1) return [id, region, name, amount(chance)];
  if (dice === 2) return [id, region.toUpperCase(), name.toUpperCase(), /^\d+\.\d\d$/.test(sum) ? `${sum}0` : sum];
  if (dice === 3 && /^\d+\.\d\d$/.test(sum)) return [id, region, name, `${sum}1`];
  return [id, region, name, sum];
}

function written(header: readonly string[], rows: readonly Made[], chance: SeededChance): string {
  const delimiter = chance.of([',', ';', '\t', '|']);
  const end = chance.of(['\n', '\r\n', '\r']);
  const field = (cell: string): string =>
    cell.includes(delimiter) || /["\r\n]/.test(cell) || chance.below(10) === 0
      ? `"${cell.replaceAll('"', '""')}"`
      : cell;
  const lines = [header, ...rows].map((row) => row.map(field).join(delimiter));
  const odd = ['', '1', [...'123456'].join(delimiter)];
  const all = lines.flatMap((line, index) => (index > 0 && chance.below(15) === 0 ? [line, chance.of(odd)] : [line]));
  return chance.of(['', '\ufeff']) + all.join(end) + chance.of(['', end]);
}

/** Two tables of the same matter, as two people keep them, and what is asked of them. */
export function madeTables(chance: SeededChance, most: number): Content {
  const ids = 1 + chance.below(most);
  const left = Array.from({ length: chance.below(most) }, () => entry(chance, ids));
  const right = left.filter(() => chance.below(8) > 0).map((one) => retold(one, chance));
  while (chance.below(3) > 0) right.splice(chance.below(right.length + 1), 0, entry(chance, ids));
  if (chance.below(2) === 0) right.reverse();
  const asked: Record<string, JsonValue> = {
    keys: chance.of<JsonValue[]>([[{ left: 'id', right: 'ref' }], [{ left: 'id', right: 'ref' }, 'region']]),
    ignoreCase: chance.below(2) === 0,
    trim: chance.below(3) > 0,
  };
  const tolerance = chance.of(['0', '0.01', '0.005', '100']);
  if (chance.below(6) > 0) asked['compare'] = ['name', { left: 'amount', right: 'sum', tolerance }];
  return tablesInput(
    written(['id', 'region', ' name', 'amount'], left, chance),
    written(['ref', 'region', 'name ', 'sum'], right, chance),
    asked,
  );
}
