/** A document that a report is held against: a path with `/` between its parts, and its exact bytes. */
export interface CheckDocument {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file that is there but was not read, so nothing can be said about its words. */
export interface UnreadFile {
  readonly path: string;
  readonly reason: string;
}

export interface CheckInput {
  /** Markdown or plain text. */
  readonly report: string;
  readonly documents: readonly CheckDocument[];
  readonly unread?: readonly UnreadFile[];
  /** The folder's own path. Citations may begin with its last parts, as in `docs/guide.md` for the folder `/home/me/docs`. */
  readonly folder?: string;
}

/** Where words stand in a document. Bytes are half-open and count from 0; lines count from 1, both inclusive. */
export interface Place {
  readonly path: string;
  readonly byteStart: number;
  readonly byteEnd: number;
  readonly lineStart: number;
  readonly lineEnd: number;
}

/**
 * What had to be disregarded for a quotation to stand where it does.
 * - `white_space`: line breaks, indentation, spaces around punctuation.
 * - `quotation_marks`, `dashes`, `ellipsis`: typographic for plain ones or the reverse.
 * - `markup`: Markdown or HTML that a reader of the rendered page does not see.
 * - `end_punctuation`: a point, comma or quotation mark at an end of the quotation that is not in the document.
 * - `characters`: another form of the same characters (ligatures, composed accents, soft hyphens).
 */
export type Normalisation =
  | 'white_space'
  | 'quotation_marks'
  | 'dashes'
  | 'ellipsis'
  | 'markup'
  | 'end_punctuation'
  | 'characters';

/**
 * - `exact`: the very characters stand in the folder (in the cited file, if one is cited).
 * - `normalised`: so they do, after the normalisations named.
 * - `misattributed`: they stand in the folder, but in none of the files that the report names for them. False.
 * - `not_found`: they stand nowhere. False.
 */
export type QuotationVerdict = 'exact' | 'normalised' | 'misattributed' | 'not_found';

/** One change between what the report says and what stands; an empty side means that words were left out or put in. */
export interface Difference {
  readonly written: string;
  readonly stands: string;
}

/** The passage most like a quotation that was not found. */
export interface ClosestPassage extends Place {
  readonly text: string;
  /** Share of the quotation's words that stand there in order, in percent. */
  readonly similarity: number;
  /** At most `DIFFERENCES_MAX`, in order. */
  readonly differences: readonly Difference[];
}

export interface QuotationFinding {
  readonly text: string;
  readonly reportLine: number;
  readonly verdict: QuotationVerdict;
  /** The files that the report names for it, as written. */
  readonly cited: readonly string[];
  readonly normalisations: readonly Normalisation[];
  /** Where it stands. With `[...]` inside it: from the first part to the last. */
  readonly at?: Place;
  /** Where each part stands, when `[...]` divides it. */
  readonly parts?: readonly Place[];
  /** Whether the report names lines of the file and the words stand at others. */
  readonly otherLines?: true;
  readonly closest?: ClosestPassage;
}

/**
 * - `found`: the file is there, and so are the lines. `ambiguous`: several files fit the name; not false.
 * - `not_found`: no such file, or no such footnote. False. `line_out_of_range`: the file has no such line. False.
 */
export type CitationVerdict = 'found' | 'not_found' | 'ambiguous' | 'line_out_of_range';

export interface CitationFinding {
  /** As the report names it, without the line. */
  readonly target: string;
  readonly reportLine: number;
  readonly verdict: CitationVerdict;
  /** The lines that the report names. */
  readonly lines?: { readonly from: number; readonly to: number };
  /** The file. For `ambiguous` there is none. */
  readonly at?: { readonly path: string; readonly lineCount?: number };
  /** For `ambiguous`: how many files fit. */
  readonly candidates?: number;
  /** Set when the file is there but was not read. */
  readonly unread?: string;
}

export interface CheckCounts {
  readonly quotations: number;
  readonly exact: number;
  readonly normalised: number;
  readonly misattributed: number;
  readonly notFound: number;
  readonly citations: number;
  readonly citationsFound: number;
  readonly citationsAmbiguous: number;
  readonly citationsNotFound: number;
  readonly citationsOutOfRange: number;
  /** Links that lead out of the folder. Nothing is said about them. */
  readonly external: number;
  /** Everything false: what an exit code is made of. */
  readonly false: number;
}

export interface ReportCheck {
  /** In the report's order. */
  readonly quotations: readonly QuotationFinding[];
  readonly citations: readonly CitationFinding[];
  /** Every kind of normalisation that some finding needed. */
  readonly normalisations: readonly Normalisation[];
  readonly counts: CheckCounts;
}

/** Expected failures: the report is larger than the limits allow. */
export type CheckResult =
  | { readonly ok: true; readonly check: ReportCheck }
  | { readonly ok: false; readonly code: 'report_too_large'; readonly length: number; readonly limit: number }
  | { readonly ok: false; readonly code: 'too_many_quotations'; readonly count: number; readonly limit: number };
