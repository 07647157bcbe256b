import { type Bundle, type CertificateCheck, compareOutput, Faults } from '@canswarm/agent';
import { scanTable, type TableResult } from '@canswarm/csv';
import { columnsOf } from './columns.ts';
import { dueResult, FILES, type FileName } from './due-result.ts';
import { DueTable, TooLargeError } from './due-table.ts';
import { type Request, readRequest } from './request.ts';
import { Sheet } from './sheet.ts';

/** What each of the two tables may have. */
const BYTES_MAX = 16_777_216;
const MARKS_MAX = 524_288;

/**
 * Judges a reconciliation: sorts and merges where the agent hashes, with a reader and sums of its own, and compares all files byte for
 * byte and the value field by field with what is due.
 */
export const check: CertificateCheck = {
  name: 'reconcile/1',
  async check({ input, output, signal }) {
    const request = readRequest(input);
    if (typeof request === 'string') return [`nobody can work on this input: ${request}`];
    const [left, right] = [await scan(input, request, 0), await scan(input, request, 1)];
    signal.throwIfAborted();
    if (!left.ok || !right.ok) {
      const reasons = [left, right].flatMap((read, side) =>
        read.ok ? [] : [{ side: side === 0 ? 'left' : 'right', ...read.fault, column: null }],
      );
      return unusable(output, reasons);
    }
    const sheets = [new Sheet(left.table, request), new Sheet(right.table, request)] as const;
    const columns = columnsOf(request, sheets);
    if ('reasons' in columns) return unusable(output, columns.reasons);
    const faults = new Faults();
    const files = await filesOf(output, faults);
    signal.throwIfAborted();
    try {
      const value = dueResult(...sheets, columns, files);
      for (const name of FILES) files[name].end();
      compareOutput(output, { value, files: FILES }, faults);
      return faults.reasons;
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      return unusable(output, [{ side: 'result', code: 'result_too_large', row: null, column: null }]);
    }
  },
};

async function scan({ files }: Bundle, request: Request, side: 0 | 1): Promise<TableResult> {
  const name = request.files[side];
  if ((files.size(name) ?? 0) > BYTES_MAX) return { ok: false, fault: { code: 'too_large', row: null } };
  const options = { delimiter: request.delimiters[side], bytesMax: BYTES_MAX, marksMax: MARKS_MAX };
  return scanTable(await files.bytes(name), options);
}

async function filesOf(output: Bundle, faults: Faults): Promise<Readonly<Record<FileName, DueTable>>> {
  const open = (name: FileName): Promise<DueTable> => DueTable.open(output, name, faults);
  return {
    'differences.csv': await open('differences.csv'),
    'only-left.csv': await open('only-left.csv'),
    'only-right.csv': await open('only-right.csv'),
    'duplicates.csv': await open('duplicates.csv'),
    'skipped.csv': await open('skipped.csv'),
  };
}

/** What is wrong with a result where the right one is that there is none. */
function unusable(output: Bundle, reasons: readonly unknown[]): readonly string[] {
  const faults = new Faults();
  compareOutput(output, { value: { status: 'unusable', reasons }, files: [] }, faults);
  return faults.reasons;
}
