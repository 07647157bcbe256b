/**
 * A cited brief over the documents of a folder. For requesters: read a folder, publish it, say what the result must be, read
 * and render what comes back. For nodes: `skill`, the engines of workers, seats and bystanders.
 */
export {
  type BriefParams,
  type BuiltAcceptance,
  briefParams,
  buildAcceptance,
  CHECKER,
  publishAcceptance,
  readAcceptance,
  SKILL,
  TIER,
} from './acceptance.ts';
export { type Brief, isGroupedRight, type ReadBrief, readBrief, type Statement } from './brief/read-brief.ts';
export { type Group, REPORT_KEY, type Report, STATEMENTS_MAX, statementKey } from './brief/report.ts';
export {
  type CheckResult,
  type CitationFinding,
  type CitationVerdict,
  type ClosestPassage,
  checkReport,
  type Difference,
  type Place,
  QUOTATIONS_MAX,
  type QuotationFinding,
  type QuotationVerdict,
  REPORT_LENGTH_MAX,
  type ReportCheck,
} from './check-report/index.ts';
export { BOUND_BPS } from './checker/bound.ts';
export { publishCorpus } from './corpus/publish-corpus.ts';
export { type Corpus, CorpusError, openCorpus, readCorpus } from './corpus/read-corpus.ts';
export {
  type FolderDocument,
  type Scan,
  type ScanOptions,
  type ScanProgress,
  scanFolder,
} from './corpus/scan-folder.ts';
export { SCAN_LIMITS, type ScanLimits, type SkipCode, type Skipped } from './corpus/skip.ts';
export { type ExternalOptions, external } from './external/index.ts';
export type { Extract, ExtractedStatement, ExtractInput, ExtractResult, SourceDocument } from './extract.ts';
export { extractParagraphs } from './paragraph/index.ts';
export { briefMarkdown } from './render/brief-markdown.ts';
export { briefText } from './render/brief-text.ts';
export { linkTarget, markdownText, spellUnseen, terminalText } from './render/escape.ts';
export { type Origin, resultJson } from './render/result-json.ts';
export { extractSentences } from './sentence/index.ts';
export { externalEngine, skill } from './skill.ts';
