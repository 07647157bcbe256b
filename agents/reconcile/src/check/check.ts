import { type Bundle, type CertificateCheck, canonicalJson } from '@canswarm/agent';
import { scanTable, type TableResult } from '@canswarm/csv';
import { columnsOf } from './columns.ts';
import { DueFile, TooLargeError } from './due-file.ts';
import { dueResult, FILES, type FileName } from './due-result.ts';
import { Faults, shown } from './faults.ts';
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
      compareValue(output, value, faults);
      requireFiles(output, FILES, faults);
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

async function filesOf({ files }: Bundle, faults: Faults): Promise<Readonly<Record<FileName, DueFile>>> {
  const open = async (name: FileName): Promise<DueFile> =>
    new DueFile(name, files.names().includes(name) ? await files.bytes(name) : null, faults);
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
  compareValue(output, { status: 'unusable', reasons }, faults);
  requireFiles(output, [], faults);
  return faults.reasons;
}

function compareValue({ value }: Bundle, due: Readonly<Record<string, unknown>>, faults: Faults): void {
  const given = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  for (const [field, wanted] of Object.entries(due)) {
    const [want, got] = [json(wanted), given.has(field) ? json(given.get(field)) : 'nothing'];
    if (want !== got) faults.add(`${field}: ${differing(want, got)}`);
    given.delete(field);
  }
  for (const field of given.keys()) faults.add(`a field "${shown(field)}" is not due`);
  if (Array.isArray(value)) faults.add('the value is a list');
}

/** What differs, from a little before the place where it begins to. */
function differing(want: string, got: string): string {
  let at = 0;
  while (at < want.length && want[at] === got[at]) at += 1;
  const from = Math.max(0, at - 30);
  return `${shown(want.slice(from))} is due, not ${shown(got.slice(from))}`;
}

const json = (value: unknown): string => canonicalJson(value as Parameters<typeof canonicalJson>[0]);

function requireFiles({ files, citations }: Bundle, due: readonly string[], faults: Faults): void {
  const names = files.names();
  for (const name of due) if (!names.includes(name)) faults.add(`there is no file ${name}`);
  for (const name of names) if (!due.includes(name)) faults.add(`a file ${JSON.stringify(shown(name))} is not due`);
  if (citations.length > 0) faults.add('citations are not due');
}
