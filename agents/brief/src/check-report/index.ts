/**
 * The core of `canswarm check <report.md> --against <folder>`: which quotations and citations of a report stand in a folder.
 *
 * ```ts
 * const { result } = await checkReportAgainst(await readFile('report.md', 'utf8'), 'docs');
 * if (result.ok) for (const line of formatCheck(result.check)) console.log(line);
 * ```
 */
export { checkReportAgainst, type FolderCheck } from './check-folder.ts';
export { checkReport, QUOTATIONS_MAX, REPORT_LENGTH_MAX } from './check-report.ts';
export { formatCheck } from './format.ts';
export type {
  CheckCounts,
  CheckDocument,
  CheckInput,
  CheckResult,
  CitationFinding,
  CitationVerdict,
  ClosestPassage,
  Difference,
  Normalisation,
  Place,
  QuotationFinding,
  QuotationVerdict,
  ReportCheck,
  UnreadFile,
} from './types.ts';
