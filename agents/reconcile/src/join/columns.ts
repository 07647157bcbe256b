import { unitsOf } from './decimal.ts';
import { keysOf, type NamedPair, type ReconcileInput, type Side, wantedOf } from './options.ts';

/** A pair of columns by their places. */
export interface ColumnPair extends Readonly<Record<Side, number>> {
  readonly names: NamedPair;
}

export interface ComparedColumn extends ColumnPair {
  /** As it was asked for; null: the cells are compared as text. */
  readonly tolerance: string | null;
  readonly toleranceUnits: bigint;
}

export interface ColumnFault {
  readonly side: Side;
  readonly code: 'no_such_column' | 'ambiguous_column';
  readonly row: null;
  readonly column: string;
}

export type ColumnsResult =
  | { readonly ok: true; readonly keys: readonly ColumnPair[]; readonly compared: readonly ComparedColumn[] }
  | { readonly ok: false; readonly faults: readonly ColumnFault[] };

type Headers = Readonly<Record<Side, readonly string[]>>;

/** Finds the columns of an input in the headers, whose names have no white space around them. */
export function findColumns(input: ReconcileInput, headers: Headers): ColumnsResult {
  const places = { left: placesOf(headers.left), right: placesOf(headers.right) };
  const keyNames = keysOf(input);
  const wanted = wantedOf(input) ?? common(headers, places, keyNames);
  const faults = [...keyNames, ...wanted].flatMap((names) => faultsOf(names, places));
  if (faults.length > 0) return { ok: false, faults };
  const pair = ({ left, right }: NamedPair): ColumnPair => ({
    names: { left, right },
    left: places.left.get(left)?.[0] ?? -1,
    right: places.right.get(right)?.[0] ?? -1,
  });
  const compared = wanted.map((one) => {
    return { ...pair(one), tolerance: one.tolerance, toleranceUnits: unitsOf(one.tolerance ?? '0') ?? 0n };
  });
  return { ok: true, keys: keyNames.map(pair), compared };
}

type Places = ReadonlyMap<string, readonly number[]>;

function placesOf(header: readonly string[]): Places {
  const places = new Map<string, number[]>();
  for (const [index, name] of header.entries()) {
    const some = places.get(name.trim());
    if (some === undefined) places.set(name.trim(), [index]);
    else some.push(index);
  }
  return places;
}

function faultsOf(names: NamedPair, places: Readonly<Record<Side, Places>>): readonly ColumnFault[] {
  return (['left', 'right'] as const).flatMap((side): ColumnFault[] => {
    const found = places[side].get(names[side])?.length ?? 0;
    if (found === 1) return [];
    return [{ side, code: found === 0 ? 'no_such_column' : 'ambiguous_column', row: null, column: names[side] }];
  });
}

/** Columns that each table has one of by the same name, and that are no keys; in the order of the left one. */
function common({ left }: Headers, places: Readonly<Record<Side, Places>>, keys: readonly NamedPair[]) {
  const isKey = new Set(keys.flatMap((key) => [key.left, key.right]));
  return left
    .map((name) => name.trim())
    .filter((name) => places.left.get(name)?.length === 1 && places.right.get(name)?.length === 1 && !isKey.has(name))
    .map((name) => ({ left: name, right: name, tolerance: null }));
}
