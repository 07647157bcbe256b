import type { Bundle } from '@canswarm/agent';
import { type Draw, pick } from '@canswarm/agent-testing';
import { utf8 } from '@canswarm/protocol';
import { type Draft, outputOf, type SetDraft } from './draft.ts';

/** A way to be wrong. Gives false where the draft offers no place for it. */
type Plant = (draft: Draft, draw: Draw) => boolean;

type Place = { readonly path: string; readonly start: number | null; readonly end: number | null };

/** A row of a set, both drawn. */
function drawn(draft: Draft, draw: Draw): { readonly set: SetDraft; readonly row: number } | undefined {
  const set = pick(
    draw,
    draft.sets.filter(({ rows }) => rows.length > 0),
  );
  return set === undefined ? undefined : { set, row: draw(set.rows.length) };
}

/** A plant that changes a set at a drawn row. */
const atRow =
  (change: (set: SetDraft, row: number, draw: Draw) => boolean): Plant =>
  (draft, draw) => {
    const at = drawn(draft, draw);
    return at !== undefined && change(at.set, at.row, draw);
  };

/** A plant that changes one value. */
const atValue = (change: (value: string | null, draw: Draw) => string | null): Plant =>
  atRow((set, row, draw) => {
    const cells = set.rows[row] ?? [];
    const column = draw(Math.max(1, cells.length));
    const value = cells[column] ?? null;
    const lie = change(value, draw);
    set.rows = set.rows.with(row, cells.with(column, lie));
    return lie !== value;
  });

/** A plant that changes where a row or one of its cells stands. */
const atPlace = (change: (place: Place) => Place): Plant =>
  atRow((set, row, draw) => {
    const place = set.places[row];
    if (place === undefined) return false;
    const cell = draw(place.cells.length + 1) - 1;
    const at = cell < 0 ? place : place.cells[cell];
    if (at === undefined || at === null) return false;
    const lie = change(at);
    const changed = cell < 0 ? { ...place, ...lie } : { ...place, cells: place.cells.with(cell, lie) };
    set.places = set.places.with(row, changed);
    return lie.path !== at.path || lie.start !== at.start || lie.end !== at.end;
  });

const dropRow = (set: SetDraft, row: number): void => {
  set.rows = set.rows.toSpliced(row, 1);
  set.places = set.places.toSpliced(row, 1);
};

/** A plant that changes one byte of one file at the very end. */
const inFile =
  (ending: string): Plant =>
  (draft, draw) => {
    const set = pick(draw, draft.sets);
    if (set === undefined) return false;
    draft.last = (files, value) => {
      const name = `${set.folder}${ending}`;
      const bytes = Uint8Array.from(files.get(name) ?? utf8('x'));
      const at = draw(bytes.length);
      bytes[at] = bytes[at] === 0x37 ? 0x38 : 0x37;
      files.set(name, bytes);
      return value;
    };
    return true;
  };

/** Ways to be wrong by name. */
export const PLANTS: Readonly<Record<string, Plant>> = {
  'row left out': atRow((set, row) => {
    dropRow(set, row);
    return true;
  }),
  'row twice': atRow((set, row) => {
    set.rows = set.rows.flatMap((one, index) => (index === row ? [one, one] : [one]));
    set.places = set.places.flatMap((one, index) => (index === row ? [one, one] : [one]));
    return true;
  }),
  'rows exchanged': atRow((set, row) => {
    const [above, below] = [set.rows[row], set.rows[row + 1]];
    if (above === undefined || below === undefined || above.join() === below.join()) return false;
    set.rows = set.rows.with(row, below).with(row + 1, above);
    return true;
  }),
  'row called unfit': atRow((set, row) => {
    const match = set.places[row]?.match ?? 0;
    dropRow(set, row);
    const entry = { match, field: set.fields[0] ?? null, reason: 'missing' };
    set.skipped = [...set.skipped, entry].sort((a, b) => a.match - b.match);
    return true;
  }),
  'another letter': atValue((value, draw) => {
    if (value === null) return null;
    const at = draw(value.length);
    return `${value.slice(0, at)}${value[at] === 'e' ? 'o' : 'e'}${value.slice(at + 1)}`.toWellFormed();
  }),
  'another number': atValue((value) => value?.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)) ?? null),
  'cut short': atValue((value) => (value === null || value.length < 2 ? value : value.slice(0, -1).toWellFormed())),
  'cell kept quiet': atValue(() => null),
  'cell invented': atValue((value) => value ?? 'kettle'),
  'cells exchanged': atRow((set, row) => {
    const [first = null, second = null, ...rest] = set.rows[row] ?? [];
    set.rows = set.rows.with(row, [second, first, ...rest]);
    return (set.rows[row]?.length ?? 0) > 1 && first !== second;
  }),
  'another path': atPlace((place) => ({
    ...place,
    path: place.path.replace(/\((\d+)\)(?!.*\()/, (_, nth) => `(${Number(nth) + 1})`),
  })),
  'another place': atPlace((place) => (place.start === null ? place : { ...place, start: place.start + 1 })),
  'another end': atPlace((place) => (place.end === null ? place : { ...place, end: place.end + 4 })),
  'another column name': (draft, draw) => {
    const set = pick(
      draw,
      draft.sets.filter(({ fields }) => fields.length > 0),
    );
    if (set === undefined) return false;
    const at = draw(set.fields.length);
    set.fields = set.fields.with(at, `${set.fields[at]}s`);
    return true;
  },
  'fault kept quiet': (draft, draw) => {
    const set = pick(
      draw,
      draft.sets.filter(({ skipped }) => skipped.length > 0),
    );
    if (set === undefined) return false;
    set.skipped = set.skipped.toSpliced(draw(set.skipped.length), 1);
    return true;
  },
  'another reason': (draft, draw) => {
    const set = pick(
      draw,
      draft.sets.filter(({ skipped }) => skipped.length > 0),
    );
    if (set === undefined) return false;
    const at = draw(set.skipped.length);
    set.skipped = set.skipped.map((one, index) => (index === at ? { ...one, reason: 'too_long' } : one));
    return true;
  },
  'source or table left out': (draft, draw) => {
    const { sources, tables } = draft.value;
    const gone = draw(Math.max(1, sources.length + tables.length));
    draft.value = {
      ...draft.value,
      sources: sources.filter((_, index) => index !== gone),
      tables: tables.filter((_, index) => index + sources.length !== gone),
    };
    return sources.length + tables.length > 0;
  },
  'unusable file invented': (draft) => {
    draft.value = { ...draft.value, unusable: [...draft.value.unusable, { file: 'x.html', reason: 'not_utf8' }] };
    return true;
  },
  'value tells another row': (draft, draw) => {
    draft.last = (_, value) => {
      const at = draw(Math.max(1, value.rows.length));
      const rows = value.rows.map((row, index) =>
        index === at ? row.map((cell) => (cell === null ? 'x' : null)) : row,
      );
      return { ...value, rows, total: value.rows.length === 0 ? value.total + 1 : value.total };
    };
    return true;
  },
  'CSV altered': inFile('rows.csv'),
  'rows.json altered': inFile('rows.json'),
  'selectors.json altered': inFile('selectors.json'),
  'file left out': (draft, draw) => {
    draft.last = (files, value) => {
      files.delete(pick(draw, [...files.keys()]) ?? '');
      return value;
    };
    return draft.sets.length > 0;
  },
};

/** An honest output made wrong in one way; undefined where it offers no place for that. */
export function plant(draft: Draft, kind: Plant, draw: Draw): Bundle | undefined {
  const own: Draft = { value: draft.value, sets: draft.sets.map((set) => ({ ...set })) };
  return kind(own, draw) ? outputOf(own) : undefined;
}
