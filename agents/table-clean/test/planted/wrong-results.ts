import type { Content, SeededChance } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { Draft, type Patch } from './draft.ts';

/** Makes a result wrong in one way at a place of chance; null where it has no such place. */
export type Plant = (honest: Content, chance: SeededChance) => Content | null;

const another = (text: string, chance: SeededChance): string => {
  const at = chance.below(text.length + 1);
  return text.slice(0, at) + chance.of(['7', 'x', ' ']) + text.slice(at);
};

/** The text with one of its digits made another; null where it has none. */
function otherDigit(text: string, chance: SeededChance): string | null {
  const places = [...text].flatMap((character, at) => (/[0-9]/.test(character) ? [at] : []));
  if (places.length === 0) return null;
  const at = chance.of(places);
  return text.slice(0, at) + ((Number(text[at]) + 1 + chance.below(9)) % 10) + text.slice(at + 1);
}

/** Alters what a change of a rule made, in the log and in the table. */
const otherChange =
  (rules: readonly string[], alter: (after: string, chance: SeededChance) => string | null): Plant =>
  (honest, chance) => {
    const draft = new Draft(honest);
    const last = draft.patches.filter((patch, index) => rules.includes(String(patch['rule'])) && isLast(draft, index));
    if (last.length === 0) return null;
    const patch = chance.of(last);
    const after = alter(String(patch['after']), chance);
    if (after === null || after === patch['after']) return null;
    draft.patches = draft.patches.map((one) => (one === patch ? { ...one, after } : one));
    setCell(draft, patch, after);
    return draft.content();
  };

/** Whether a change is the last of its cell. */
function isLast(draft: Draft, index: number): boolean {
  const [patch, next] = [draft.patches[index], draft.patches[index + 1]];
  return patch?.['column'] !== undefined && !(next?.row === patch.row && next['column'] === patch['column']);
}

function setCell(draft: Draft, { row, column }: Patch, cell: string): void {
  const cells = draft.rows[draft.sourceRows().indexOf(row)];
  if (cells !== undefined) cells[Number(column) - 1] = cell;
}

/** Alters the value alone. */
const otherValue =
  (alter: (draft: Draft, chance: SeededChance) => boolean): Plant =>
  (honest, chance) => {
    const draft = new Draft(honest);
    return alter(draft, chance) ? draft.content() : null;
  };

export const PLANTS: Readonly<Record<string, Plant>> = {
  'cell of the table altered': (honest, chance) => {
    const draft = new Draft(honest);
    const row = chance.of(draft.rows);
    const column = chance.below(row.length);
    row[column] = another(row[column] ?? '', chance);
    return draft.content();
  },
  'row left out of the table': (honest, chance) => {
    const draft = new Draft(honest);
    if (draft.rows.length < 2) return null;
    draft.rows.splice(1 + chance.below(draft.rows.length - 1), 1);
    draft.count('rowsOut', -chance.below(2));
    return draft.content();
  },
  'row repeated in the table': (honest, chance) => {
    const draft = new Draft(honest);
    if (draft.rows.length < 2) return null;
    const row = chance.of(draft.rows.slice(1));
    draft.rows.push([...row]);
    draft.count('rowsOut', chance.below(2));
    return draft.content();
  },
  'two rows exchanged': (honest, chance) => {
    const draft = new Draft(honest);
    if (draft.rows.length < 3) return null;
    const at = 1 + chance.below(draft.rows.length - 2);
    const [one = [], other = []] = draft.rows.slice(at, at + 2);
    if (one.join('\n') === other.join('\n')) return null;
    draft.rows.splice(at, 2, other, one);
    return draft.content();
  },
  'change not logged': (honest, chance) => {
    const draft = new Draft(honest);
    const patch = draft.patches.length === 0 ? undefined : chance.of(draft.patches);
    if (patch?.['rule'] === undefined) return null;
    draft.patches = draft.patches.filter((one) => one !== patch);
    draft.count('patches', -1);
    draft.count(String(patch['rule']), -1, 'changes');
    return draft.content();
  },
  'change not made': (honest, chance) => {
    const draft = new Draft(honest);
    const last = draft.patches.filter((_, index) => isLast(draft, index));
    if (last.length === 0) return null;
    const patch = chance.of(last);
    setCell(draft, patch, String(patch['before']));
    draft.patches = draft.patches.filter((one) => one !== patch);
    draft.count('patches', -1);
    draft.count(String(patch['rule']), -1, 'changes');
    return draft.content();
  },
  'number made another': otherChange(['number'], otherDigit),
  'date made another day': otherChange(['date'], otherDigit),
  'text made another': otherChange(['trim', 'collapse', 'empty', 'header'], another),
  'change that nobody asked for': (honest, chance) => {
    const draft = new Draft(honest);
    const source = draft.sourceRows();
    const at = chance.below(source.length);
    const [row, cells] = [source[at] ?? 0, draft.rows[at] ?? []];
    const column = 1 + chance.below(cells.length);
    const before = cells[column - 1] ?? '';
    const after = another(before, chance);
    const rule = row === 1 ? 'header' : chance.of(['trim', 'date', 'number']);
    cells[column - 1] = after;
    const isLater = (patch: Patch): boolean =>
      patch.row > row || (patch.row === row && Number(patch['column'] ?? 0) > column);
    const next = draft.patches.findIndex(isLater);
    draft.patches.splice(next === -1 ? draft.patches.length : next, 0, { row, column, rule, before, after });
    draft.count('patches', 1);
    draft.count(rule, 1, 'changes');
    return draft.content();
  },
  'row dropped as another': (honest, chance) => {
    const draft = new Draft(honest);
    const source = draft.sourceRows();
    if (source.length < 3) return null;
    const at = 2 + chance.below(source.length - 2);
    const row = source[at] ?? 0;
    const of = source[1 + chance.below(at - 1)] ?? 0;
    draft.rows.splice(at, 1);
    draft.patches = draft.patches.filter((patch) => patch.row !== row);
    const next = draft.patches.findIndex((patch) => patch.row > row);
    draft.patches.splice(next === -1 ? draft.patches.length : next, 0, { row, drop: 'duplicate', of });
    draft.value['patches'] = draft.patches.length;
    draft.count('rowsOut', -1);
    draft.count('duplicate', 1, 'dropped');
    return draft.content();
  },
  'duplicate kept': (honest, chance) => {
    const draft = new Draft(honest);
    const drops = draft.patches.filter((patch) => patch['drop'] === 'duplicate');
    if (drops.length === 0) return null;
    const drop = chance.of(drops);
    const cells = draft.rows[draft.sourceRows().indexOf(Number(drop['of']))] ?? [];
    draft.patches = draft.patches.filter((patch) => patch !== drop);
    draft.rows.splice(draft.sourceRows().indexOf(drop.row), 0, [...cells]);
    draft.count('patches', -1);
    draft.count('rowsOut', 1);
    draft.count('duplicate', -1, 'dropped');
    return draft.content();
  },
  'total altered': otherValue((draft, chance) => {
    const totals = draft.value['totals'] as Record<string, JsonValue>[];
    if (totals.length === 0) return false;
    const total = chance.of(totals);
    const which = chance.of(['before', 'dropped', 'after']);
    total[which] = otherDigit(String(total[which]), chance) ?? '1';
    return true;
  }),
  'count altered': otherValue((draft, chance) => {
    const field = chance.of(['rowsIn', 'rowsOut', 'patches', 'formulas', 'empty', 'fields', 'trim', 'number']);
    const within = ['empty', 'fields'].includes(field)
      ? 'dropped'
      : ['trim', 'number'].includes(field)
        ? 'changes'
        : undefined;
    draft.count(field, 1 + chance.below(3), within);
    return true;
  }),
  'column described otherwise': otherValue((draft, chance) => {
    const column = chance.of(draft.value['columns'] as Record<string, JsonValue>[]);
    if (chance.below(2) === 0) column['unclear'] = Number(column['unclear']) + 1;
    else column['kind'] = chance.of(['number', 'date', 'text', 'empty'].filter((kind) => kind !== column['kind']));
    return true;
  }),
  'table written in another way': (honest, chance) => {
    const text = new TextDecoder().decode(honest.files.get('cleaned.csv'));
    const ways = [
      text.slice(0, -1),
      `${text}\n`,
      text.replaceAll('\n', '\r\n'),
      `\ufeff${text}`,
      text.replaceAll(',', ';'),
      text.replace(/[^,"\n]+/, (cell) => `"${cell}"`),
    ].filter((way) => way !== text);
    return new Draft(honest).content({ 'cleaned.csv': chance.of(ways) });
  },
  'log out of order': (honest, chance) => {
    const draft = new Draft(honest);
    if (draft.patches.length < 2) return null;
    const at = chance.below(draft.patches.length - 1);
    const [one, other] = draft.patches.slice(at, at + 2);
    if (one === undefined || other === undefined) return null;
    draft.patches.splice(at, 2, other, one);
    return draft.content();
  },
  'said to be unusable': (honest, chance) => {
    const { file } = new Draft(honest).value;
    const code = chance.of(['quotes', 'binary', 'too_large', 'result_too_large']);
    return { value: { status: 'unusable', file: file ?? '', reason: { code, row: null } }, files: new Map() };
  },
  'file too many or too few': (honest, chance) => {
    const files = new Map(honest.files);
    const name = chance.of(['cleaned.csv', 'patches.jsonl', 'notes.txt']);
    if (!files.delete(name)) files.set(name, new Uint8Array(1));
    return { value: honest.value, files };
  },
};
