import type { ExecuteContext, Files } from '@canswarm/agent';
import { readTable, type TableResult } from '@canswarm/csv';
import { findColumns } from './columns.ts';
import { type MatchRule, match } from './match.ts';
import { fileOf, normaliser, type ReconcileInput, type Side } from './options.ts';
import { TooLargeError } from './output-lines.ts';
import { type Report, reportOf } from './report.ts';
import { sheetOf } from './sheet.ts';

/** What each of two tables may have, so that both together fit into the memory of a skill. */
const BYTES_MAX = 16_777_216;
const MARKS_MAX = 524_288;

/** Reconciles the tables of an input and puts what is found into the output; tables that cannot be reconciled are said to be so. */
export async function execute(input: ReconcileInput, { files, artifacts, signal }: ExecuteContext): Promise<unknown> {
  requireFiles(input, files);
  const [left, right] = [await tableOf('left', input, files), await tableOf('right', input, files)];
  signal.throwIfAborted();
  if (!left.ok || !right.ok) {
    const reasons = [
      ...(left.ok ? [] : [{ side: 'left', ...left.fault, column: null }]),
      ...(right.ok ? [] : [{ side: 'right', ...right.fault, column: null }]),
    ];
    return { status: 'unusable', reasons };
  }
  const sheets = { left: sheetOf(left.table), right: sheetOf(right.table) };
  const columns = findColumns(input, { left: sheets.left.header, right: sheets.right.header });
  if (!columns.ok) return { status: 'unusable', reasons: columns.faults };
  const rule: MatchRule = { ...columns, normalise: normaliser(input) };
  const report = withinLimits(() => reportOf(sheets, rule, match(sheets, rule)));
  if (report === null)
    return { status: 'unusable', reasons: [{ side: 'result', code: 'result_too_large', row: null, column: null }] };
  for (const [name, bytes] of report.files) await artifacts.put(name, bytes);
  return report.value;
}

/** Throws where a file that the input names is not there. */
function requireFiles(input: ReconcileInput, files: Files): void {
  for (const side of ['left', 'right'] as const)
    if (!files.names().includes(fileOf(side, input)))
      throw new Error(`the input has no file ${JSON.stringify(fileOf(side, input))}, its ${side} table: give it along`);
}

async function tableOf(side: Side, input: ReconcileInput, files: Files): Promise<TableResult> {
  const file = fileOf(side, input);
  if ((files.size(file) ?? 0) > BYTES_MAX) return { ok: false, fault: { code: 'too_large', row: null } };
  const delimiter = (side === 'left' ? input.leftDelimiter : input.rightDelimiter) ?? null;
  return readTable(await files.bytes(file), { delimiter, bytesMax: BYTES_MAX, marksMax: MARKS_MAX });
}

/** Null when a file of the result would be too long. */
function withinLimits(report: () => Report): Report | null {
  try {
    return report();
  } catch (error) {
    if (error instanceof TooLargeError) return null;
    throw error;
  }
}
