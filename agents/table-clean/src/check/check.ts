import { type Bundle, type CertificateCheck, compareOutput, DueFile, Faults } from '@canswarm/agent';
import { scanTable, TABLE_BYTES_MAX, type TableFault } from '@canswarm/csv';
import { dueResult } from './due-result.ts';
import { type Request, readRequest } from './request.ts';

/** Longest file that the worker is to give, bytes. */
const FILE_BYTES_MAX = 62_914_560;
const TABLE = 'cleaned.csv';
const PATCHES = 'patches.jsonl';

/**
 * Judges a cleaned table: replays its log over the source, with readers, rules and sums of its own, and compares both files byte for
 * byte and the value field by field with what is due.
 */
export const check: CertificateCheck = {
  name: 'table-clean/1',
  async check({ input, output, signal }) {
    const request = readRequest(input);
    if (typeof request === 'string') return [`nobody can work on this input: ${request}`];
    const source = await readSource(input, request);
    signal.throwIfAborted();
    if ('code' in source) return unusable(output, request, source.code, source.row);
    const faults = new Faults();
    const table = await DueFile.open(output, TABLE, faults);
    const patches = await DueFile.open(output, PATCHES, faults);
    signal.throwIfAborted();
    const due = dueResult(source, request, { table, patches });
    if (due === null) return unusable(output, request, 'too_many_cells', null);
    if (Math.max(table.size, patches.size) > FILE_BYTES_MAX) return unusable(output, request, 'result_too_large', null);
    table.end();
    patches.end();
    const value = { status: 'cleaned', file: request.file, delimiter: source.delimiter, ...due };
    compareOutput(output, { value, files: [TABLE, PATCHES] }, faults);
    return faults.reasons;
  },
};

async function readSource({ files }: Bundle, { file, delimiter }: Request) {
  if ((files.size(file) ?? 0) > TABLE_BYTES_MAX) return { code: 'too_large', row: null } as const;
  const scanned = scanTable(await files.bytes(file), { delimiter });
  return scanned.ok ? scanned.table : scanned.fault;
}

/** What is wrong with a result where the right one is that there is none. */
function unusable(
  output: Bundle,
  { file }: Request,
  code: TableFault['code'] | 'result_too_large',
  row: number | null,
): readonly string[] {
  const faults = new Faults();
  compareOutput(output, { value: { status: 'unusable', file, reason: { code, row } }, files: [] }, faults);
  return faults.reasons;
}
