import type { Files } from '@canswarm/agent';
import {
  FILE_BYTES_MAX,
  FILES_MAX,
  SHOWN_BYTES_MAX,
  SKIPPED_SHOWN_MAX,
  TABLES_MAX,
  TOTAL_BYTES_MAX,
} from '../rules.ts';
import type { Asked } from './asked.ts';
import { type Chosen, choose } from './choose.ts';
import { type Collection, collect, emptyCollection, fullPurse, type Reading } from './collection.ts';
import { csvText } from './csv-text.ts';
import { Places } from './place.ts';
import { tablesOf } from './table.ts';
import { type Tree, treeOf } from './tree.ts';

/** A file that is due: as text, or as a JSON value in its canonical form. */
export type DueFile = string | { readonly json: object };

/** What is due for a request, and what the bytes say against the parser. */
export interface Due {
  readonly value: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, DueFile>;
  readonly doubts: readonly string[];
}

const NUMBERS = ['integer', 'decimal'];
const textReading = (name: string): Reading => ({ name, attribute: undefined, type: 'text', required: false });

/** Does the request again, by the check's own means. Why it cannot be done as a text. */
export async function dueOf(asked: Asked, files: Files, signal: AbortSignal): Promise<Due | string> {
  const names = files.names();
  if (names.length < 1 || names.length > FILES_MAX) return `it has ${names.length} files`;
  const task = asked.everyTable ? new Tables() : new Rows(asked);
  let room = TOTAL_BYTES_MAX;
  for (const file of names) {
    signal.throwIfAborted();
    const size = files.size(file) ?? 0;
    const tooLarge = size > FILE_BYTES_MAX || size > room;
    const bytes = tooLarge ? new Uint8Array(0) : await files.bytes(file);
    if (!tooLarge) room -= size;
    const tree = tooLarge ? 'too_large' : treeOf(bytes);
    if (typeof tree === 'string') task.unusable.push({ file, reason: tree });
    else task.look(file, tree, new Places(bytes, tree));
  }
  const rest = { unusable: task.unusable };
  return { value: { ...EMPTY, ...task.value(), ...rest }, files: task.files(), doubts: task.doubts };
}

const EMPTY = {
  fields: [],
  rows: [],
  total: 0,
  leftOut: 0,
  skipped: [],
  skippedTotal: 0,
  sources: [],
  tables: [],
  tablesLeftOut: 0,
};

abstract class Task {
  readonly unusable: { readonly file: string; readonly reason: string }[] = [];
  readonly doubts: string[] = [];
  protected readonly purse = fullPurse();
  readonly #files = new Map<string, DueFile>();

  abstract look(file: string, tree: Tree, places: Places): void;
  abstract value(): object;
  abstract end(): void;

  files(): ReadonlyMap<string, DueFile> {
    this.end();
    return this.#files;
  }

  protected gather(
    into: Collection,
    file: string,
    chosen: Chosen['found'],
    readings: readonly Reading[],
    origin: Parameters<typeof collect>[3],
  ): void {
    for (const raw of chosen)
      for (const { tag, name } of collect(into, raw, readings, origin, this.purse))
        this.doubts.push(`the bytes of ${JSON.stringify(file)} say something else of <${name}> at unit ${tag?.[0]}`);
  }

  protected put(
    folder: string,
    { rows, skipped, leftOut, places }: Collection,
    fields: readonly string[],
    numbers: readonly boolean[],
    sources: readonly string[],
  ): void {
    this.#files.set(`${folder}rows.csv`, csvText([fields, ...rows], numbers));
    this.#files.set(`${folder}rows.json`, { json: { fields, leftOut, rows, skipped, sources } });
    this.#files.set(`${folder}selectors.json`, { json: { rows: places } });
  }
}

class Rows extends Task {
  readonly #asked: Asked;
  readonly #all = emptyCollection();
  readonly #sources: { readonly file: string }[] = [];
  #fields: readonly string[] | undefined;

  constructor(asked: Asked) {
    super();
    this.#asked = asked;
    this.#fields = asked.fields?.map(({ name }) => name);
  }

  look(file: string, tree: Tree, places: Places): void {
    const { fields, base } = this.#asked;
    const { kind, around, names, found, someTooLarge } = choose(tree, this.#asked);
    if (someTooLarge) this.unusable.push({ file, reason: 'table_too_large' });
    if (kind === 'table' || kind === 'list') {
      this.#fields ??= names;
      if (JSON.stringify(this.#fields) !== JSON.stringify(names)) {
        this.unusable.push({ file, reason: 'other_columns' });
        return;
      }
    }
    const at = around === undefined ? null : places.of(around);
    const source = this.#sources.length;
    this.#sources.push({ file, ...{ kind, path: at?.path ?? null, start: at?.start ?? null, matches: found.length } });
    this.gather(this.#all, file, found, fields ?? names.map(textReading), { places, source, base });
  }

  value(): object {
    const { rows, skipped, leftOut } = this.#all;
    let bytes = 0;
    let shown = 0;
    for (; shown < rows.length; shown += 1) {
      bytes += Buffer.byteLength(JSON.stringify(rows[shown])) + 1;
      if (bytes > SHOWN_BYTES_MAX) break;
    }
    return {
      fields: this.#fields ?? [],
      rows: rows.slice(0, shown),
      total: rows.length,
      leftOut,
      skipped: skipped.slice(0, SKIPPED_SHOWN_MAX),
      skippedTotal: skipped.length,
      sources: this.#sources,
    };
  }

  end(): void {
    const numbers = (this.#asked.fields ?? []).map(({ type }) => NUMBERS.includes(type));
    this.put(
      '',
      this.#all,
      this.#fields ?? [],
      numbers,
      this.#sources.map(({ file }) => file),
    );
  }
}

class Tables extends Task {
  readonly #tables: object[] = [];
  #leftOut = 0;

  look(file: string, tree: Tree, places: Places): void {
    const { tables, someTooLarge } = tablesOf(tree);
    if (someTooLarge) this.unusable.push({ file, reason: 'table_too_large' });
    for (const { branch, width, names, lines, caption } of tables) {
      const at = places.of(branch);
      if (at === null || this.#tables.length >= TABLES_MAX) {
        this.#leftOut += 1;
        continue;
      }
      const fields = names ?? [...Array(width).keys()].map((column) => `column ${column + 1}`);
      const all = emptyCollection();
      const found = lines.map(({ row, slots }) => ({ row, cell: (column: number) => slots[column] }));
      this.gather(all, file, found, fields.map(textReading), { places, source: 0, base: undefined });
      const folder = `tables/${`00${this.#tables.length + 1}`.slice(-3)}/`;
      this.put(folder, all, fields, [], [file]);
      const { leftOut, skipped, rows } = all;
      const { path, start } = at;
      const counts = { columns: width, total: rows.length, leftOut, skippedTotal: skipped.length };
      this.#tables.push({ folder, file, path, start, caption, ...counts });
    }
  }

  value(): object {
    return { tables: this.#tables, tablesLeftOut: this.#leftOut };
  }

  end(): void {
    // Each table's files were put as it was read.
  }
}
