import type { Content } from '@canswarm/agent-testing';
import { formatRow, readTable } from '@canswarm/csv';
import type { JsonValue } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';

/** A line of the log. */
export interface Patch {
  readonly row: number;
  readonly [field: string]: string | number;
}

type Changeable = Record<string, JsonValue>;

/** A result taken apart, to be altered and put together again. */
export class Draft {
  readonly rows: string[][];
  patches: Patch[];
  readonly value: Changeable;
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor({ value, files }: Content) {
    const table = files.get('cleaned.csv');
    const log = files.get('patches.jsonl');
    const read = table === undefined ? undefined : readTable(table, { delimiter: ',' });
    if (read?.ok !== true || log === undefined) throw new Error('this is no cleaned table');
    this.rows = read.table.rows.map((row) => [...row]);
    this.patches = new TextDecoder()
      .decode(log)
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Patch => JSON.parse(line));
    this.value = structuredClone(value) as Changeable;
    this.#files = files;
  }

  /** Records of the source that are in the table, in their order: the place of row N in `rows` is N's index here. */
  sourceRows(): readonly number[] {
    const dropped = new Set(this.patches.filter((patch) => 'drop' in patch).map(({ row }) => row));
    const all = Array.from({ length: Number(this.value['rowsIn']) + 1 }, (_, index) => index + 1);
    return all.filter((row) => !dropped.has(row));
  }

  /** Changes a count of the value, which may be within one of its fields. */
  count(field: string, by: number, within?: string): void {
    const holder = within === undefined ? this.value : (this.value[within] as Changeable);
    holder[field] = Number(holder[field]) + by;
  }

  content(more: Readonly<Record<string, string>> = {}): Content {
    const files = new Map(this.#files);
    files.set('cleaned.csv', utf8(this.rows.map((row) => formatRow(row)).join('')));
    files.set('patches.jsonl', utf8(this.patches.map((patch) => `${JSON.stringify(patch)}\n`).join('')));
    for (const [name, text] of Object.entries(more)) files.set(name, utf8(text));
    return { value: this.value, files };
  }
}
