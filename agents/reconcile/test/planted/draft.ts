import type { Content } from '@canswarm/agent-testing';
import { formatRow, readTable } from '@canswarm/csv';
import type { JsonValue } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';

export const NAMES = ['differences.csv', 'only-left.csv', 'only-right.csv', 'duplicates.csv', 'skipped.csv'] as const;
export type Name = (typeof NAMES)[number];

export type Changeable = Record<string, JsonValue>;

/** A result taken apart, to be altered and put together again. */
export class Draft {
  readonly value: Changeable;
  readonly tables: Record<Name, string[][]>;

  constructor({ value, files }: Content) {
    const rows = (name: Name): string[][] => {
      const bytes = files.get(name);
      const read = bytes === undefined ? undefined : readTable(bytes, { delimiter: ',' });
      if (read?.ok !== true) throw new Error(`this has no ${name}`);
      return read.table.rows.map((row) => [...row]);
    };
    this.value = structuredClone(value) as Changeable;
    this.tables = {
      'differences.csv': rows('differences.csv'),
      'only-left.csv': rows('only-left.csv'),
      'only-right.csv': rows('only-right.csv'),
      'duplicates.csv': rows('duplicates.csv'),
      'skipped.csv': rows('skipped.csv'),
    };
  }

  /** Changes a count of the value, which may be within one of its fields. */
  count(field: string, by: number, within?: string): void {
    const holder = within === undefined ? this.value : (this.value[within] as Changeable);
    holder[field] = Number(holder[field]) + by;
  }

  /** The columns of the value. */
  columns(): readonly Changeable[] {
    return this.value['columns'] as Changeable[];
  }

  content(): Content {
    const files = NAMES.map((name) => [name, utf8(this.tables[name].map(formatRow).join(''))] as const);
    return { value: this.value, files: new Map(files) };
  }
}
