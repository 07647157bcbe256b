import type { DocumentText } from './document-text.ts';
import type { Resolution } from './file-index.ts';
import { normalisationsBetween } from './normalisation.ts';
import type { ReportCitation, ReportCitations } from './report/citations.ts';
import type { ReportQuotation } from './report/quotations.ts';
import type { ReportText } from './report/report-text.ts';
import type { Standing } from './search.ts';
import type { CheckCounts, CitationFinding, ClosestPassage, Normalisation, QuotationFinding } from './types.ts';

/** All that is known about one quotation once the search is over. */
export interface QuotationFacts {
  readonly report: ReportText;
  readonly quotation: ReportQuotation;
  readonly standing: Standing | null;
  readonly inCited: boolean;
  readonly cited: readonly string[];
  readonly citesUnread: boolean;
  readonly closest: ClosestPassage | null;
  readonly open: (document: number) => DocumentText;
}

export function quotationFinding(facts: QuotationFacts): QuotationFinding {
  const { report, quotation, standing, inCited, closest, open } = facts;
  const base = { text: quotation.text, reportLine: report.lineOf(quotation.start), cited: [...new Set(facts.cited)] };
  if (standing === null) {
    return { ...base, verdict: 'not_found', normalisations: [], ...(closest === null ? {} : { closest }) };
  }
  const text = open(standing.document);
  const misattributed = base.cited.length > 0 && !inCited && !facts.citesUnread;
  const parts = standing.parts.map(({ start, end }) => text.placeOf(start, end));
  return {
    ...base,
    verdict: misattributed ? 'misattributed' : standing.exact ? 'exact' : 'normalised',
    normalisations: standing.exact ? [] : normalisationsOf(standing, text),
    at: text.placeOf(standing.parts[0]?.start ?? 0, standing.parts.at(-1)?.end ?? 0),
    ...(parts.length > 1 ? { parts } : {}),
    ...(standing.onLines ? {} : { otherLines: true as const }),
  };
}

function normalisationsOf(standing: Standing, text: DocumentText): readonly Normalisation[] {
  const kinds = new Set<Normalisation>();
  for (const [index, { start, end }] of standing.parts.entries()) {
    const stands = text.source.slice(start, end);
    const standsAsRead = standing.asRead ? text.readable(start, end) : stands;
    const written = standing.texts[index] ?? '';
    for (const kind of normalisationsBetween({ written, stands, standsAsRead })) kinds.add(kind);
  }
  return [...kinds];
}

/** The findings about citations; each file is named once for each place of the report that names it. */
export function citationFindings(
  report: ReportText,
  cited: ReportCitations,
  resolutions: readonly Resolution[],
  open: (document: number) => DocumentText,
): readonly CitationFinding[] {
  const lineCounts = new Map<number, number>();
  const lineCountOf = (document: number): number => {
    const known = lineCounts.get(document) ?? open(document).lineCount;
    lineCounts.set(document, known);
    return known;
  };
  const named = cited.citations.flatMap((citation, index) => {
    const finding = citationFinding(report, citation, resolutions[index], open, lineCountOf);
    return finding === null ? [] : [{ start: citation.start, finding }];
  });
  const missing = cited.references
    .filter(({ footnote, label }) => footnote && !cited.notes.has(label))
    .map(({ start, label }) => ({
      start,
      finding: { target: `[${label}]`, reportLine: report.lineOf(start), verdict: 'not_found' as const },
    }));
  return [...named, ...missing].sort((a, b) => a.start - b.start).map(({ finding }) => finding);
}

function citationFinding(
  report: ReportText,
  citation: ReportCitation,
  resolution: Resolution | undefined,
  open: (document: number) => DocumentText,
  lineCountOf: (document: number) => number,
): CitationFinding | null {
  const { target, lines } = citation;
  const base = { target, reportLine: report.lineOf(citation.start), ...(lines === null ? {} : { lines }) };
  const documents = resolution?.documents ?? [];
  const unread = resolution?.unread ?? [];
  const candidates = documents.length + unread.length;
  if (candidates === 0) return citation.bare ? null : { ...base, verdict: 'not_found' };
  const fits = (document: number): boolean =>
    lines === null || (lines.from >= 1 && lines.from <= lines.to && lines.to <= lineCountOf(document));
  if (candidates > 1) {
    const anyFits = unread.length > 0 || documents.some(fits);
    return { ...base, verdict: anyFits ? 'ambiguous' : 'line_out_of_range', candidates };
  }
  const [document] = documents;
  if (document === undefined) {
    return { ...base, verdict: 'found', at: { path: unread[0]?.path ?? target }, unread: unread[0]?.reason ?? '' };
  }
  const at = { path: open(document).path, lineCount: lineCountOf(document) };
  return { ...base, verdict: fits(document) ? 'found' : 'line_out_of_range', at };
}

export function countsOf(
  quotations: readonly QuotationFinding[],
  citations: readonly CitationFinding[],
  external: number,
): CheckCounts {
  const quoted = (verdict: QuotationFinding['verdict']): number =>
    quotations.filter((finding) => finding.verdict === verdict).length;
  const named = (verdict: CitationFinding['verdict']): number =>
    citations.filter((finding) => finding.verdict === verdict).length;
  const misattributed = quoted('misattributed');
  const notFound = quoted('not_found');
  const citationsNotFound = named('not_found');
  const citationsOutOfRange = named('line_out_of_range');
  return {
    quotations: quotations.length,
    exact: quoted('exact'),
    normalised: quoted('normalised'),
    misattributed,
    notFound,
    citations: citations.length,
    citationsFound: named('found'),
    citationsAmbiguous: named('ambiguous'),
    citationsNotFound,
    citationsOutOfRange,
    external,
    false: misattributed + notFound + citationsNotFound + citationsOutOfRange,
  };
}
