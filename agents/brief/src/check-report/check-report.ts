import { ClosestFinder } from './closest.ts';
import { DocumentText } from './document-text.ts';
import { FileIndex, type Resolution } from './file-index.ts';
import { citationFindings, countsOf, quotationFinding } from './findings.ts';
import { NearbySearcher, type NearbyWindow } from './nearby.ts';
import { buildPatterns } from './patterns.ts';
import { type Attribution, Progress } from './progress.ts';
import { attachCitations, insideQuotation } from './report/attach.ts';
import { findCitations, type ReportCitations } from './report/citations.ts';
import type { LineReference } from './report/path-reference.ts';
import { findQuotations, type ReportQuotation } from './report/quotations.ts';
import { type ReportText, readReport } from './report/report-text.ts';
import { Searcher } from './search.ts';
import { countBelow } from './sorted.ts';
import type { CheckDocument, CheckInput, CheckResult, Normalisation } from './types.ts';

/** UTF-16 units of a report. */
export const REPORT_LENGTH_MAX = 2 * 1024 * 1024;
export const QUOTATIONS_MAX = 5000;

/** Share of a quotation's pairs of words that must stand together before a document is searched as it reads. */
const AGREEING_SHARE_MIN = 0.3;
/** Named documents that are searched as they read, for one quotation. */
const NAMED_DOCUMENTS_MAX = 200;

/**
 * Holds a report against documents: finds its quotations and citations and says of each whether it stands. Pure: the same input
 * gives the same result. Time is linear in the report and the documents, apart from bounded work on what was not found.
 */
export function checkReport({ report: source, documents, unread = [], folder = '' }: CheckInput): CheckResult {
  if (source.length > REPORT_LENGTH_MAX)
    return { ok: false, code: 'report_too_large', length: source.length, limit: REPORT_LENGTH_MAX };
  const report = readReport(source);
  const { cited, quotations } = readClaims(report);
  if (quotations.length > QUOTATIONS_MAX)
    return { ok: false, code: 'too_many_quotations', count: quotations.length, limit: QUOTATIONS_MAX };
  const files = new FileIndex(documents, unread, folder);
  const resolutions = cited.citations.map(({ target }) => files.resolve(target));
  const attached = attachCitations(report, quotations, cited).map((indices) =>
    indices.filter((index) => isFile(cited, resolutions, index)),
  );
  const progress = new Progress(attached.map((indices) => attributionOf(cited, resolutions, indices)));
  const open = opener(documents);
  const windows = searchAll(quotations, documents.length, progress, open);
  const closest = new ClosestFinder();
  const findings = quotations.map((quotation, index) => {
    const indices = attached[index] ?? [];
    const near = windows.get(index);
    return quotationFinding({
      report,
      quotation,
      standing: progress.inCited(index) ?? progress.anywhere(index),
      inCited: progress.inCited(index) !== null,
      cited: indices.map((citation) => cited.citations[citation]?.target ?? ''),
      citesUnread: indices.some((citation) => (resolutions[citation]?.unread.length ?? 0) > 0),
      closest: near === undefined ? null : closest.find(quotation.visible, near, open),
      open,
    });
  });
  const citations = citationFindings(report, cited, resolutions, open);
  const normalisations: Normalisation[] = [...new Set(findings.flatMap((finding) => finding.normalisations))];
  const counts = countsOf(findings, citations, cited.external);
  return { ok: true, check: { quotations: findings, citations, normalisations, counts } };
}

/** What the report claims. File names inside quoted words are the source's, not the report's. */
function readClaims(report: ReportText): {
  readonly cited: ReportCitations;
  readonly quotations: readonly ReportQuotation[];
} {
  const all = findCitations(report);
  const starts = all.citations.map(({ start }) => start);
  const marks = all.references.map(({ start }) => start);
  const holds = (places: readonly number[], range: { start: number; end: number }): boolean =>
    (places[countBelow(places, range.start)] ?? Number.POSITIVE_INFINITY) < range.end;
  const quotations = findQuotations(report, (range) => holds(starts, range) || holds(marks, range));
  const outside = all.citations.filter((citation) => !insideQuotation(quotations, citation));
  const references = all.references.filter((reference) => !insideQuotation(quotations, reference));
  return { cited: { ...all, citations: outside, references }, quotations };
}

/** A name that is also a word (`LICENSE`) is a citation only if there is such a file. */
function isFile({ citations }: ReportCitations, resolutions: readonly Resolution[], index: number): boolean {
  const resolution = resolutions[index];
  if (resolution === undefined) return false;
  return citations[index]?.bare !== true || resolution.documents.length > 0 || resolution.unread.length > 0;
}

function attributionOf(
  { citations }: ReportCitations,
  resolutions: readonly Resolution[],
  indices: readonly number[],
): Attribution {
  const documents = new Map<number, LineReference | null>();
  for (const index of indices) {
    const lines = citations[index]?.lines ?? null;
    for (const document of resolutions[index]?.documents ?? []) {
      const known = documents.get(document);
      if (known === undefined) documents.set(document, lines);
      else if (known === null || lines === null) documents.set(document, null);
      else documents.set(document, { from: Math.min(known.from, lines.from), to: Math.max(known.to, lines.to) });
    }
  }
  return { documents };
}

/** Opens documents, keeping the last few. */
function opener(documents: readonly CheckDocument[]): (index: number) => DocumentText {
  const recent = new Map<number, DocumentText>();
  return (index) => {
    const known = recent.get(index);
    if (known !== undefined) return known;
    const text = new DocumentText(documents[index] ?? { path: '', bytes: new Uint8Array() });
    if (recent.size >= OPEN_MAX) recent.delete(recent.keys().next().value ?? -1);
    recent.set(index, text);
    return text;
  };
}

const OPEN_MAX = 16;

/**
 * Searches every document as written (HTML also as it reads), then, for quotations not found, documents that hold something like
 * them or are named for them as they read. Returns the windows of those that stand nowhere.
 */
function searchAll(
  quotations: readonly ReportQuotation[],
  count: number,
  progress: Progress,
  open: (index: number) => DocumentText,
): ReadonlyMap<number, readonly NearbyWindow[]> {
  const searcher = new Searcher(buildPatterns(quotations));
  if (quotations.length === 0) return new Map();
  for (let document = 0; document < count; document += 1) {
    const text = open(document);
    searcher.search(document, text, false, progress);
    if (text.isHtml) searcher.search(document, text, true, progress);
  }
  const indices = [...quotations.keys()];
  const lost = indices.filter((index) => progress.anywhere(index) === null);
  const nearby = nearbyWindows(lost, quotations, count, open);
  const rereading = new Set<number>();
  for (const index of indices)
    for (const document of progress.missingIn(index).slice(0, NAMED_DOCUMENTS_MAX)) rereading.add(document);
  for (const [index, windows] of nearby) {
    const needed = AGREEING_SHARE_MIN * pairsIn(quotations[index]);
    for (const { document, agreeing } of windows) if (agreeing >= needed) rereading.add(document);
  }
  for (const document of [...rereading].sort((a, b) => a - b)) {
    const text = open(document);
    if (!text.isHtml) searcher.search(document, text, true, progress);
  }
  return new Map([...nearby].filter(([index]) => progress.anywhere(index) === null));
}

function nearbyWindows(
  lost: readonly number[],
  quotations: readonly ReportQuotation[],
  count: number,
  open: (index: number) => DocumentText,
): ReadonlyMap<number, readonly NearbyWindow[]> {
  if (lost.length === 0) return new Map();
  const searcher = new NearbySearcher(lost.map((index) => quotations[index]?.visible ?? ''));
  for (let document = 0; document < count; document += 1) searcher.search(document, open(document));
  const windows = searcher.windows();
  return new Map(lost.map((index, place) => [index, windows[place] ?? []]));
}

const pairsIn = (quotation: ReportQuotation | undefined): number =>
  Math.max(1, (quotation?.visible.split(/\s+/).length ?? 1) - 1);
