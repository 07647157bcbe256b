import type { TextRange } from '../sentence/document/reading.ts';
import type { DocumentText } from './document-text.ts';
import type { PatternSet, Variant } from './patterns.ts';
import { countBelow } from './sorted.ts';
import { TokenBuffer } from './token-buffer.ts';
import { cutsWord } from './tokens.ts';

/** Where a quotation stands in one document: indices into its text, and how well. */
export interface Standing {
  readonly document: number;
  /** One for each part, in order. */
  readonly parts: readonly TextRange[];
  /** The report's words for each part. */
  readonly texts: readonly string[];
  /** The variant's rank. */
  readonly rank: number;
  /** Whether the very characters stand there. */
  readonly exact: boolean;
  /** Whether only the text as read holds it, not the source as written. */
  readonly asRead: boolean;
  /** Whether it lies on the lines that the report names, if it names any. */
  readonly onLines: boolean;
}

/** What the search asks about a quotation while it goes. */
export interface Interest {
  /** Whether anything about this quotation in this document can still change the finding. */
  wants(quotation: number, document: number): boolean;
  /** The characters of the document that the report's line references span, or `null`. */
  linesOf(quotation: number, document: number, text: DocumentText): TextRange | null;
  found(quotation: number, standing: Standing): void;
}

/** Occurrences of one pattern looked at in one document. */
const OCCURRENCES_MAX = 2000;
/** Of these, how many are weighed against each other. */
const WEIGHED_MAX = 64;

/** Finds quotations in documents, one document at a time. */
export class Searcher {
  readonly #patterns: PatternSet;
  readonly #tokens: TokenBuffer;

  constructor(patterns: PatternSet) {
    this.#patterns = patterns;
    this.#tokens = new TokenBuffer(patterns.vocabulary);
  }

  /** Searches the source as written, or (`asRead`) the text as a reader sees it. */
  search(document: number, text: DocumentText, asRead: boolean, interest: Interest): void {
    const searched = asRead ? text.visible : text.source;
    this.#tokens.fill(searched);
    const occurrences = new Map<number, number[]>();
    this.#patterns.automaton.search(this.#tokens.ids, this.#tokens.length, (pattern, lastToken) => {
      const known = occurrences.get(pattern);
      if (known === undefined) occurrences.set(pattern, [lastToken]);
      else if (known.length < OCCURRENCES_MAX) known.push(lastToken);
    });
    for (const pattern of occurrences.keys()) {
      for (const variant of this.#patterns.variantsByPattern.get(pattern) ?? []) {
        if (!interest.wants(variant.quotation, document)) continue;
        const standing = this.#stand(variant, occurrences, { document, text, searched, asRead, interest });
        if (standing !== null) interest.found(variant.quotation, standing);
      }
    }
  }

  #stand(variant: Variant, occurrences: ReadonlyMap<number, readonly number[]>, scene: Scene): Standing | null {
    return variant.parts.length === 1
      ? this.#standWhole(variant, occurrences, scene)
      : this.#standInParts(variant, occurrences, scene);
  }

  #standWhole(variant: Variant, occurrences: ReadonlyMap<number, readonly number[]>, scene: Scene): Standing | null {
    const pattern = variant.parts[0] ?? 0;
    const lines = scene.interest.linesOf(variant.quotation, scene.document, scene.text);
    let best: Standing | null = null;
    let weighed = 0;
    for (const lastToken of occurrences.get(pattern) ?? []) {
      const range = this.#rangeAt(pattern, lastToken);
      if (range === null || cutsWord(scene.searched, range.start, range.end)) continue;
      const exact = scene.text.source.slice(range.start, range.end) === variant.texts[0];
      const onLines = lines === null || (range.start < lines.end && range.end > lines.start);
      if (best === null || Number(exact) * 2 + Number(onLines) > Number(best.exact) * 2 + Number(best.onLines)) {
        best = {
          document: scene.document,
          parts: [range],
          texts: variant.texts,
          rank: variant.rank,
          exact,
          asRead: scene.asRead,
          onLines,
        };
      }
      weighed += 1;
      if (weighed >= WEIGHED_MAX || (best.exact && best.onLines)) break;
    }
    return best;
  }

  /** The earliest place of each part behind the one before it: if the parts stand in order at all, this finds them. */
  #standInParts(variant: Variant, occurrences: ReadonlyMap<number, readonly number[]>, scene: Scene): Standing | null {
    if (!variant.parts.every((pattern) => occurrences.has(pattern))) return null;
    const parts: TextRange[] = [];
    let exact = true;
    let nextToken = 0;
    for (const [index, pattern] of variant.parts.entries()) {
      const lastTokens = occurrences.get(pattern) ?? [];
      let place = countBelow(lastTokens, nextToken + (this.#patterns.automaton.lengths[pattern] ?? 1) - 1);
      let range = this.#rangeAt(pattern, lastTokens[place]);
      while (range !== null && cutsWord(scene.searched, range.start, range.end)) {
        place += 1;
        range = this.#rangeAt(pattern, lastTokens[place]);
      }
      if (range === null) return null;
      exact &&= scene.text.source.slice(range.start, range.end) === variant.texts[index];
      parts.push(range);
      nextToken = (lastTokens[place] ?? 0) + 1;
    }
    const lines = scene.interest.linesOf(variant.quotation, scene.document, scene.text);
    const onLines = lines === null || parts.some(({ start, end }) => start < lines.end && end > lines.start);
    return {
      document: scene.document,
      parts,
      texts: variant.texts,
      rank: variant.rank,
      exact,
      asRead: scene.asRead,
      onLines,
    };
  }

  #rangeAt(pattern: number, lastToken: number | undefined): TextRange | null {
    if (lastToken === undefined) return null;
    const first = lastToken - (this.#patterns.automaton.lengths[pattern] ?? 1) + 1;
    return { start: this.#tokens.startOf(first), end: this.#tokens.endOf(lastToken) };
  }
}

interface Scene {
  readonly document: number;
  readonly text: DocumentText;
  readonly searched: string;
  readonly asRead: boolean;
  readonly interest: Interest;
}
