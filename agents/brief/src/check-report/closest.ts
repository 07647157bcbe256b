import { JOIN, type TextRange } from '../sentence/document/reading.ts';
import { type AlignedToken, align, type Step } from './align.ts';
import type { DocumentText } from './document-text.ts';
import type { NearbyWindow } from './nearby.ts';
import { tokenise } from './tokens.ts';
import type { ClosestPassage, Difference } from './types.ts';

const DIFFERENCES_MAX = 12;
/** Below this share of a quotation's words, in percent, a passage is not like it. */
const SIMILARITY_MIN = 50;
const TOKENS_MAX = 1500;
const WINDOWS_WEIGHED_MAX = 6;
/** Windows end with a word; the marks behind it matter too. */
const MARKS_BEHIND = 8;
/** Cells of all alignments of one check; beyond, no closest passage is named. */
const ALIGNMENT_CELLS_MAX = 100_000_000;

/** Compares quotations with the windows found for them, within one budget for a whole check. */
export class ClosestFinder {
  #cells = 0;

  /** The passage that shares most words with the quotation, in order; `null` when none shares half of them. */
  find(
    quotation: string,
    windows: readonly NearbyWindow[],
    open: (document: number) => DocumentText,
  ): ClosestPassage | null {
    const written = tokensOf(quotation, 0, quotation.length).slice(0, TOKENS_MAX);
    const words = written.filter(({ word }) => word).length;
    let best: ClosestPassage | null = null;
    for (const window of windows.slice(0, WINDOWS_WEIGHED_MAX)) {
      const text = open(window.document);
      const stands = tokensOf(text.visible, window.start, Math.min(text.visible.length, window.end + MARKS_BEHIND));
      this.#cells += written.length * stands.length;
      if (this.#cells > ALIGNMENT_CELLS_MAX) break;
      const steps = align(written, stands);
      const same = steps.filter((step) => step.same && written[step.written ?? -1]?.word === true).length;
      const similarity = Math.floor((100 * same) / Math.max(1, words));
      if (similarity < SIMILARITY_MIN || similarity <= (best?.similarity ?? 0)) continue;
      best = passage(quotation, text, written, stands, steps, similarity);
    }
    return best;
  }
}

function tokensOf(text: string, start: number, end: number): AlignedToken[] {
  const tokens: AlignedToken[] = [];
  tokenise(
    text,
    { add: (canonical, from, to, word) => tokens.push({ canonical, start: from, end: to, word }) },
    start,
    end,
  );
  return tokens;
}

function passage(
  quotation: string,
  text: DocumentText,
  written: readonly AlignedToken[],
  stands: readonly AlignedToken[],
  steps: readonly Step[],
  similarity: number,
): ClosestPassage {
  const touched = steps.flatMap(({ stands: index }) => (index === null ? [] : [index]));
  const { start, end } = withMarkup(text, stands[touched[0] ?? 0]?.start ?? 0, stands[touched.at(-1) ?? 0]?.end ?? 0);
  const differences: Difference[] = [];
  let from = 0;
  while (from < steps.length && differences.length < DIFFERENCES_MAX) {
    if (steps[from]?.same === true) {
      from += 1;
      continue;
    }
    let to = from;
    while (to < steps.length && steps[to]?.same === false) to += 1;
    const run = steps.slice(from, to);
    differences.push({
      written: span(
        quotation,
        written,
        run.map((step) => step.written),
      ),
      stands: span(
        text.visible,
        stands,
        run.map((step) => step.stands),
      ),
    });
    from = to;
  }
  return { ...text.placeOf(start, end), text: text.source.slice(start, end), similarity, differences };
}

/** The text from the first to the last of the tokens, without what marks markup. */
function span(text: string, tokens: readonly AlignedToken[], indices: readonly (number | null)[]): string {
  const present = indices.filter((index) => index !== null);
  const first = tokens[present[0] ?? -1];
  const last = tokens[present.at(-1) ?? -1];
  if (first === undefined || last === undefined) return '';
  return text.slice(first.start, last.end).replaceAll('\u00ad', '').replace(/\s+/g, ' ');
}

/** With the emphasis and code marks that touch it. */
function withMarkup({ source, visible }: DocumentText, from: number, to: number): TextRange {
  const touches = (index: number): boolean =>
    visible.charCodeAt(index) === JOIN && '`*_'.includes(source[index] ?? ' ');
  let start = from;
  while (touches(start - 1)) start -= 1;
  let end = to;
  while (touches(end)) end += 1;
  return { start, end };
}
