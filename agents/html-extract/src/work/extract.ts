import { canonicalJson, type ExecuteContext } from '@canswarm/agent';
import type { JsonValue } from '@canswarm/ports';
import { utf8Length } from '@canswarm/protocol';
import {
  FILE_BYTES_MAX,
  FILES_MAX,
  SHOWN_BYTES_MAX,
  SKIPPED_SHOWN_MAX,
  TABLES_MAX,
  TOTAL_BYTES_MAX,
} from '../rules.ts';
import { certificateOf } from './certificate.ts';
import { csvOf } from './csv.ts';
import { chosenRows, type FoundRows, mainRows, namesOf } from './found.ts';
import { type DataTable, dataTables } from './grid.ts';
import { type Page, readPage } from './page.ts';
import { type ExtractRequest, type Field, readRequest } from './request.ts';
import type { Extraction, Source, TableOut, Unusable } from './result.ts';
import { Budget, RowSet } from './row-set.ts';

type Rows = Extract<ExtractRequest, { kind: 'rows' }>;

/** Extracts what is asked for of all HTML files among the input's. */
export async function extract(value: unknown, context: ExecuteContext): Promise<Extraction> {
  const request = readRequest(value);
  const names = context.files.names();
  if (names.length === 0 || names.length > FILES_MAX)
    throw new Error(`there are ${names.length} files of HTML, not 1 to ${FILES_MAX}`);
  const work = request.kind === 'tables' ? new EveryTable(context) : new ChosenRows(context, request);
  let total = 0;
  for (const [index, file] of names.entries()) {
    context.signal.throwIfAborted();
    context.progress(index, names.length);
    const size = context.files.size(file) ?? 0;
    const fits = size <= FILE_BYTES_MAX && total + size <= TOTAL_BYTES_MAX;
    if (fits) total += size;
    const page = fits ? readPage(await context.files.bytes(file)) : 'too_large';
    if (typeof page === 'string') work.unusable.push({ file, reason: page });
    else await work.add(file, page);
  }
  context.progress(names.length, names.length);
  return work.end();
}

const NOTHING: Extraction = {
  fields: [],
  rows: [],
  total: 0,
  leftOut: 0,
  skipped: [],
  skippedTotal: 0,
  sources: [],
  tables: [],
  tablesLeftOut: 0,
  unusable: [],
};

/** One set of rows from all files. */
class ChosenRows {
  readonly unusable: Unusable[] = [];
  readonly #context: ExecuteContext;
  readonly #request: Rows;
  readonly #set = new RowSet(new Budget());
  readonly #sources: Source[] = [];
  #names: readonly string[] | null;

  constructor(context: ExecuteContext, request: Rows) {
    this.#context = context;
    this.#request = request;
    this.#names = request.fields?.map(({ name }) => name) ?? null;
  }

  async add(file: string, page: Page): Promise<void> {
    const { rows, fields, base } = this.#request;
    const found = rows === null ? mainRows(page, fields) : chosenRows(page, rows, fields ?? []);
    if (found.tooLarge) this.unusable.push({ file, reason: 'table_too_large' });
    if (found.fields !== null) {
      this.#names ??= found.fields;
      if (this.#names.join('\u0000') !== found.fields.join('\u0000')) {
        this.unusable.push({ file, reason: 'other_columns' });
        return;
      }
    }
    const source = this.#sources.length;
    this.#sources.push(sourceOf(file, page, found));
    const read = fields ?? (found.fields ?? []).map(plainField);
    for (const [at, row] of found.rows.entries())
      this.#set.add(page, { row, cellAt: (field) => found.cellAt(at, field) }, read, { source, base });
  }

  async end(): Promise<Extraction> {
    const names = this.#names ?? [];
    const isNumber = (this.#request.fields ?? []).map(({ type }) => type === 'integer' || type === 'decimal');
    const files = this.#sources.map(({ file }) => file);
    await putSet(this.#context, '', { set: this.#set, names, isNumber, sources: files });
    const { rows, skipped, leftOut } = this.#set;
    return {
      ...NOTHING,
      fields: names,
      rows: shownRows(rows),
      total: rows.length,
      leftOut,
      skipped: skipped.slice(0, SKIPPED_SHOWN_MAX),
      skippedTotal: skipped.length,
      sources: this.#sources,
      unusable: this.unusable,
    };
  }
}

function sourceOf(file: string, page: Page, { kind, element, rows }: FoundRows): Source {
  const place = element === null ? null : certificateOf(page, element);
  return { file, kind, path: place?.path ?? null, start: place?.start ?? null, matches: rows.length };
}

/** Every table that holds data, a set each. */
class EveryTable {
  readonly unusable: Unusable[] = [];
  readonly #context: ExecuteContext;
  readonly #budget = new Budget();
  readonly #tables: TableOut[] = [];
  #leftOut = 0;

  constructor(context: ExecuteContext) {
    this.#context = context;
  }

  async add(file: string, page: Page): Promise<void> {
    const { tables, tooLarge } = dataTables(page);
    if (tooLarge) this.unusable.push({ file, reason: 'table_too_large' });
    for (const table of tables) await this.#addTable(file, page, table);
  }

  async #addTable(file: string, page: Page, { element, header, columns, rows, caption }: DataTable): Promise<void> {
    const place = certificateOf(page, element);
    if (place === null || this.#tables.length === TABLES_MAX) {
      this.#leftOut += 1;
      return;
    }
    const names = namesOf(header, columns);
    const set = new RowSet(this.#budget);
    const fields = names.map(plainField);
    for (const row of rows)
      set.add(page, { row: row.element, cellAt: (field) => row.cells[field] }, fields, { source: 0, base: null });
    const folder = `tables/${String(this.#tables.length + 1).padStart(3, '0')}/`;
    await putSet(this.#context, folder, { set, names, isNumber: [], sources: [file] });
    const { path, start } = place;
    const { leftOut, skipped } = set;
    const counts = { columns, total: set.rows.length, leftOut, skippedTotal: skipped.length };
    this.#tables.push({ folder, file, path, start, caption, ...counts });
  }

  async end(): Promise<Extraction> {
    return { ...NOTHING, tables: this.#tables, tablesLeftOut: this.#leftOut, unusable: this.unusable };
  }
}

const plainField = (name: string): Field => ({ name, selector: null, attribute: null, type: 'text', required: false });

interface SetOut {
  readonly set: RowSet;
  readonly names: readonly string[];
  readonly isNumber: readonly boolean[];
  readonly sources: readonly string[];
}

/** Puts the three files of a set. */
async function putSet(
  { artifacts }: ExecuteContext,
  folder: string,
  { set, names, isNumber, sources }: SetOut,
): Promise<void> {
  const { rows, skipped, leftOut, places } = set;
  await artifacts.put(`${folder}rows.csv`, csvOf(names, rows, isNumber));
  const json = { fields: names, leftOut, rows, skipped, sources };
  await artifacts.put(`${folder}rows.json`, canonicalJson(json as unknown as JsonValue));
  await artifacts.put(`${folder}selectors.json`, canonicalJson({ rows: places } as unknown as JsonValue));
}

/** The first rows that fit the value. */
function shownRows(rows: RowSet['rows']): RowSet['rows'] {
  let bytes = 0;
  const beyond = rows.findIndex((row) => {
    bytes += utf8Length(JSON.stringify(row)) + 1;
    return bytes > SHOWN_BYTES_MAX;
  });
  return beyond === -1 ? rows : rows.slice(0, beyond);
}
