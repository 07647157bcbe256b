import { expect } from 'vitest';
import { checkReport } from '../../src/check-report/check-report.ts';
import type { CitationFinding, QuotationFinding, ReportCheck } from '../../src/check-report/types.ts';

/** Documents by path, as text. */
export type Folder = Readonly<Record<string, string>>;

const encoder = new TextEncoder();

export function documentsOf(folder: Folder): { path: string; bytes: Uint8Array }[] {
  return Object.entries(folder).map(([path, text]) => ({ path, bytes: encoder.encode(text) }));
}

/** Checks a report that is within the limits. */
export function check(report: string, folder: Folder, folderPath = ''): ReportCheck {
  const result = checkReport({ report, documents: documentsOf(folder), folder: folderPath });
  if (!result.ok) throw new Error(result.code);
  return result.check;
}

/** The only quotation of a report. */
export function checkOne(report: string, folder: Folder): QuotationFinding {
  const { quotations } = check(report, folder);
  expect(quotations).toHaveLength(1);
  const [finding] = quotations;
  if (finding === undefined) throw new Error('no quotation');
  return finding;
}

/** The only citation of a report. */
export function checkOneCitation(report: string, folder: Folder): CitationFinding {
  const { citations } = check(report, folder);
  expect(citations).toHaveLength(1);
  const [finding] = citations;
  if (finding === undefined) throw new Error('no citation');
  return finding;
}

/** The words that a finding points at, from the document's bytes. */
export function wordsAt(finding: QuotationFinding, folder: Folder): string {
  if (finding.at === undefined) return '';
  const bytes = encoder.encode(folder[finding.at.path] ?? '');
  return new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(
    bytes.subarray(finding.at.byteStart, finding.at.byteEnd),
  );
}
