import { type Bundle, canonicalJson } from '@canswarm/agent';
import { filesIn } from '@canswarm/agent-testing';
import type { JsonValue } from '@canswarm/ports';
import { utf8 } from '@canswarm/protocol';
import { csvOf } from '../../src/work/csv.ts';
import type { Extraction } from '../../src/work/result.ts';
import type { RowPlace, Skipped } from '../../src/work/row-set.ts';

/** A set of rows that may be changed. */
export interface SetDraft {
  readonly folder: string;
  fields: readonly string[];
  rows: readonly (readonly (string | null)[])[];
  places: readonly RowPlace[];
  skipped: readonly Skipped[];
  readonly leftOut: number;
  readonly sources: readonly string[];
  readonly isNumber: readonly boolean[];
}

/** An output that may be changed. */
export interface Draft {
  value: Extraction;
  readonly sets: SetDraft[];
  /** What is to be done to the files and the value when all else is written to fit. */
  last?: (files: Map<string, Uint8Array>, value: Extraction) => Extraction;
}

/** Takes an honest output apart. `isNumber` as it was asked for. */
export async function draftOf(output: Bundle, isNumber: readonly boolean[]): Promise<Draft> {
  const sets: SetDraft[] = [];
  for (const name of output.files.names().filter((one) => one.endsWith('rows.json'))) {
    const folder = name.slice(0, -'rows.json'.length);
    const json = JSON.parse(await output.files.text(name));
    const { rows: places } = JSON.parse(await output.files.text(`${folder}selectors.json`));
    sets.push({ ...json, folder, places, isNumber });
  }
  return { value: output.value as unknown as Extraction, sets };
}

/** Writes a changed output so that everything in it tells the same. */
export function outputOf({ value, sets, last }: Draft): Bundle {
  const files = new Map<string, Uint8Array>();
  const put = (name: string, content: string): void => {
    files.set(name, utf8(content));
  };
  for (const { folder, fields, rows, places, skipped, leftOut, sources, isNumber } of sets) {
    put(`${folder}rows.csv`, csvOf(fields, rows, isNumber));
    put(`${folder}rows.json`, canonicalJson({ fields, leftOut, rows, skipped, sources } as unknown as JsonValue));
    put(`${folder}selectors.json`, canonicalJson({ rows: places } as unknown as JsonValue));
  }
  const [whole] = sets;
  const fitting: Extraction =
    whole?.folder === ''
      ? {
          ...value,
          fields: whole.fields,
          rows: whole.rows.slice(0, value.rows.length + whole.rows.length - value.total),
          total: whole.rows.length,
          skipped: whole.skipped.slice(0, 500),
          skippedTotal: whole.skipped.length,
        }
      : {
          ...value,
          tables: value.tables.map((table) => {
            const set = sets.find(({ folder }) => folder === table.folder);
            return set === undefined ? table : { ...table, total: set.rows.length, skippedTotal: set.skipped.length };
          }),
        };
  const told = last === undefined ? fitting : last(files, fitting);
  return { value: told as unknown as JsonValue, files: filesIn(files), citations: [] };
}
