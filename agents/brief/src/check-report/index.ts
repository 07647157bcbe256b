/**
 * The core of `canswarm check <report.md> --against <folder>`: which quotations and citations of a report stand in a folder.
 *
 * ```ts
 * const { documents } = await scanFolder('docs');
 * const result = checkReport({ report: await readFile('report.md', 'utf8'), documents });
 * if (result.ok) console.log(result.check.counts);
 * ```
 */
export { checkReport, QUOTATIONS_MAX, REPORT_LENGTH_MAX } from './check-report.ts';
export type {
  CheckResult,
  CitationFinding,
  CitationVerdict,
  ClosestPassage,
  Difference,
  Place,
  QuotationFinding,
  QuotationVerdict,
  ReportCheck,
} from './types.ts';
