import type { ExecuteContext } from '@canswarm/agent';
import { readTable, TABLE_BYTES_MAX, type TableFault } from '@canswarm/csv';
import { cleanTable } from './clean-table.ts';
import { type CleanInput, fileOf, optionsOf } from './options.ts';

/** Cleans the table of an input and puts it and the log into the output. A table that cannot be cleaned is said to be unusable, and why. */
export async function execute(input: CleanInput, { files, artifacts, signal }: ExecuteContext): Promise<unknown> {
  const file = fileOf(input, files);
  const unusable = (code: TableFault['code'] | 'result_too_large', row: number | null): unknown => ({
    status: 'unusable',
    file,
    reason: { code, row },
  });
  if ((files.size(file) ?? 0) > TABLE_BYTES_MAX) return unusable('too_large', null);
  const options = optionsOf(input);
  const read = readTable(await files.bytes(file), { delimiter: options.delimiter });
  if (!read.ok) return unusable(read.fault.code, read.fault.row);
  signal.throwIfAborted();
  const cleaned = cleanTable(read.table.rows, options);
  if (cleaned === null) return unusable('too_many_cells', null);
  const { rowsIn, rowsOut, log, lines, columns, totals, formulas } = cleaned;
  const [table, patches] = [lines.bytes(), log.lines.bytes()];
  if (table === undefined || patches === undefined) return unusable('result_too_large', null);
  await artifacts.put('cleaned.csv', table);
  await artifacts.put('patches.jsonl', patches);
  return {
    status: 'cleaned',
    file,
    delimiter: read.table.delimiter,
    rowsIn,
    rowsOut,
    dropped: log.dropped,
    patches: log.count(),
    changes: log.changes,
    columns,
    totals,
    formulas,
  };
}
