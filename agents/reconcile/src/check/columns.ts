import type { Names, Request, WantedColumn } from './request.ts';
import type { Sheet } from './sheet.ts';

export type Places = readonly [left: number, right: number];

/** A column to compare: its names, its places and what makes it differ. */
export interface Compared extends WantedColumn {
  readonly places: Places;
}

export interface Columns {
  readonly keys: readonly { readonly names: Names; readonly places: Places }[];
  readonly compared: readonly Compared[];
}

/** Why columns cannot be found, as the value must say it. */
export interface ColumnReason {
  readonly side: string;
  readonly code: string;
  readonly row: null;
  readonly column: string;
}

type Sheets = readonly [left: Sheet, right: Sheet];

/** Where the columns are that the input names; or reasons why not, in its order. */
export function columnsOf(request: Request, sheets: Sheets): Columns | { readonly reasons: readonly ColumnReason[] } {
  const wanted = request.compare ?? shared(request, sheets);
  const reasons: ColumnReason[] = [];
  const find = (names: Names): Places => {
    const [left, right] = [0, 1].map((side) => {
      const name = names[side] ?? '';
      const header = sheets[side]?.header ?? [];
      const at = header.indexOf(name);
      const code = at === -1 ? 'no_such_column' : 'ambiguous_column';
      if (at === -1 || header.lastIndexOf(name) !== at)
        reasons.push({ side: side === 0 ? 'left' : 'right', code, row: null, column: name });
      return at;
    });
    return [left ?? -1, right ?? -1];
  };
  const keys = request.keys.map((names) => ({ names, places: find(names) }));
  const compared = wanted.map((one) => ({ ...one, places: find(one.names) }));
  return reasons.length > 0 ? { reasons } : { keys, compared };
}

/** Columns with a name that stands once in either header and is in no key. */
function shared(request: Request, [left, right]: Sheets): readonly WantedColumn[] {
  const [here, there] = [timesOf(left.header), timesOf(right.header)];
  return left.header
    .filter((name) => here.get(name) === 1 && there.get(name) === 1 && !request.keys.flat().includes(name))
    .map((name) => ({ names: [name, name], tolerance: null }));
}

function timesOf(header: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const name of header) times.set(name, (times.get(name) ?? 0) + 1);
  return times;
}
