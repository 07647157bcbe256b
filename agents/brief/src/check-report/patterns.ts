import { Automaton } from './automaton.ts';
import type { ReportQuotation } from './report/quotations.ts';
import { tokenise } from './tokens.ts';
import { Vocabulary } from './vocabulary.ts';

/** One way in which a quotation may stand in a document. */
export interface Variant {
  /** Index of the quotation. */
  readonly quotation: number;
  /** Pattern numbers, to be found in this order; more than one when `[...]` divides the quotation. */
  readonly parts: readonly number[];
  /** The words of each part as the report has them, to see whether they stand there exactly. */
  readonly texts: readonly string[];
  /** 0 for the quotation as it is; the higher, the more was disregarded to make this variant. */
  readonly rank: number;
}

/** All patterns of a report, ready to be searched for. */
export interface PatternSet {
  readonly vocabulary: Vocabulary;
  readonly automaton: Automaton;
  /** By pattern: the variants to look at when it occurs. A variant stands at its longest part. Preferred variants come first. */
  readonly variantsByPattern: ReadonlyMap<number, readonly Variant[]>;
}

interface Token {
  readonly canonical: string;
  readonly start: number;
  readonly end: number;
  readonly word: boolean;
}

/** A quotation in more pieces is not looked for. */
const PARTS_MAX = 32;
/** An omission: an ellipsis, alone or in brackets. */
const OMISSION = /\[\s?(?:\.{3,4}|…|\. \. \.)\s?\]|\(\s?(?:\.{3,4}|…|\. \. \.)\s?\)|…|\.{3,4}|\. \. \./g;
/** Marks that writers put at the end of a quotation for the sake of their own sentence. */
const END_MARKS: ReadonlySet<string> = new Set(['.', ',', ';', ':', '"']);

export function buildPatterns(quotations: readonly ReportQuotation[]): PatternSet {
  const vocabulary = new Vocabulary();
  const readings = quotations.map((quotation) => alternatives(quotation).map((parts) => parts.map(tokensOf)));
  for (const tokens of readings.flat(2)) for (const { canonical } of tokens.tokens) vocabulary.learn(canonical);
  const automaton = new Automaton(vocabulary.size);
  const variantsByPattern = new Map<number, Variant[]>();
  for (const [quotation, ways] of readings.entries()) {
    const seen = new Set<string>();
    for (const [rank, parts] of ways.flatMap(withAndWithoutEndMarks).entries()) {
      if (parts.length === 0 || parts.length > PARTS_MAX) continue;
      const numbers = parts.map(({ tokens }) =>
        automaton.add(tokens.map(({ canonical }) => vocabulary.learn(canonical))),
      );
      const key = numbers.join();
      if (seen.has(key)) continue;
      seen.add(key);
      const variant = { quotation, parts: numbers, texts: parts.map(({ text }) => text), rank };
      const lead = longest(numbers, automaton);
      const known = variantsByPattern.get(lead);
      if (known === undefined) variantsByPattern.set(lead, [variant]);
      else known.push(variant);
    }
  }
  automaton.build();
  return { vocabulary, automaton, variantsByPattern };
}

interface Part {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** The texts that a quotation may stand for: as written, as read, and both divided at omissions. */
function alternatives({ text, visible }: ReportQuotation): readonly (readonly string[])[] {
  const whole = text === visible ? [text] : [text, visible];
  return [...whole.map((way) => [way]), ...whole.map((way) => way.split(OMISSION)).filter((parts) => parts.length > 1)];
}

function tokensOf(text: string): Part {
  const tokens: Token[] = [];
  tokenise(text, { add: (canonical, start, end, word) => tokens.push({ canonical, start, end, word }) });
  return { text: text.trim(), tokens };
}

/** Parts without words do not count; then the quotation as it is, and without marks at its ends. */
function withAndWithoutEndMarks(all: readonly Part[]): readonly (readonly Part[])[] {
  const parts = all.filter(({ tokens }) => tokens.some(({ word }) => word));
  const trimmed = parts.map((part, index) => {
    let from = 0;
    let to = part.tokens.length;
    if (index === parts.length - 1) while (to > 1 && END_MARKS.has(part.tokens[to - 1]?.canonical ?? '')) to -= 1;
    if (index === 0) while (from < to - 1 && part.tokens[from]?.canonical === '"') from += 1;
    return to - from === part.tokens.length ? part : cut(part, from, to);
  });
  return [parts, trimmed];
}

function cut(part: Part, from: number, to: number): Part {
  const tokens = part.tokens.slice(from, to);
  return { text: part.text, tokens };
}

function longest(patterns: readonly number[], automaton: Automaton): number {
  let best = patterns[0] ?? 0;
  for (const pattern of patterns)
    if ((automaton.lengths[pattern] ?? 0) > (automaton.lengths[best] ?? 0)) best = pattern;
  return best;
}
