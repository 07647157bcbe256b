import { type Bundle, type CertificateCheck, canonicalJson } from '@canswarm/agent';
import { scanTable, TABLE_BYTES_MAX, type TableFault } from '@canswarm/csv';
import { DueFile } from './due-file.ts';
import { dueResult } from './due-result.ts';
import { Faults, shown } from './faults.ts';
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
    const [table, patches] = [await bytesOf(output, TABLE), await bytesOf(output, PATCHES)];
    signal.throwIfAborted();
    const files = { table: new DueFile(TABLE, table, faults), patches: new DueFile(PATCHES, patches, faults) };
    const value = dueResult(source, request, files);
    if (Math.max(files.table.end(), files.patches.end()) > FILE_BYTES_MAX)
      return unusable(output, request, 'result_too_large', null);
    const { file } = request;
    compareValue(output, { status: 'cleaned', file, delimiter: source.delimiter, ...value }, faults);
    requireFiles(output, [TABLE, PATCHES], faults);
    return faults.reasons;
  },
};

async function readSource({ files }: Bundle, { file, delimiter }: Request) {
  if ((files.size(file) ?? 0) > TABLE_BYTES_MAX) return { code: 'too_large', row: null } as const;
  const scanned = scanTable(await files.bytes(file), { delimiter });
  return scanned.ok ? scanned.table : scanned.fault;
}

const bytesOf = async ({ files }: Bundle, name: string): Promise<Uint8Array | null> =>
  files.names().includes(name) ? await files.bytes(name) : null;

/** What is wrong with a result where the right one is that there is none. */
function unusable(
  output: Bundle,
  { file }: Request,
  code: TableFault['code'] | 'result_too_large',
  row: number | null,
): readonly string[] {
  const faults = new Faults();
  compareValue(output, { status: 'unusable', file, reason: { code, row } }, faults);
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
