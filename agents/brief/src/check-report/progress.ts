import type { TextRange } from '../sentence/document/reading.ts';
import type { DocumentText } from './document-text.ts';
import type { LineReference } from './report/path-reference.ts';
import type { Interest, Standing } from './search.ts';

/** What a report says about the source of one quotation. */
export interface Attribution {
  /** Documents that its citations may mean, with the lines named, if all citations of the document name some. */
  readonly documents: ReadonlyMap<number, LineReference | null>;
}

/** The best standing of every quotation found so far: anywhere, and in the documents that the report names for it. */
export class Progress implements Interest {
  readonly #attributions: readonly Attribution[];
  readonly #anywhere: (Standing | null)[];
  readonly #cited: (Standing | null)[];

  constructor(attributions: readonly Attribution[]) {
    this.#attributions = attributions;
    this.#anywhere = attributions.map(() => null);
    this.#cited = attributions.map(() => null);
  }

  anywhere(quotation: number): Standing | null {
    return this.#anywhere[quotation] ?? null;
  }

  inCited(quotation: number): Standing | null {
    return this.#cited[quotation] ?? null;
  }

  /** Documents named for a quotation in none of which it was found. */
  missingIn(quotation: number): readonly number[] {
    return this.inCited(quotation) === null ? [...(this.#attributions[quotation]?.documents.keys() ?? [])] : [];
  }

  wants(quotation: number, document: number): boolean {
    const cited = this.inCited(quotation);
    if (this.#attributions[quotation]?.documents.has(document) === true)
      return cited === null || !cited.exact || !cited.onLines;
    return cited === null && this.anywhere(quotation)?.exact !== true;
  }

  linesOf(quotation: number, document: number, text: DocumentText): TextRange | null {
    const lines = this.#attributions[quotation]?.documents.get(document) ?? null;
    return lines === null ? null : text.rangeOfLines(lines.from, lines.to);
  }

  found(quotation: number, standing: Standing): void {
    if (better(standing, this.anywhere(quotation))) this.#anywhere[quotation] = standing;
    const named = this.#attributions[quotation]?.documents.has(standing.document) === true;
    if (named && better(standing, this.inCited(quotation))) this.#cited[quotation] = standing;
  }
}

function better(a: Standing, b: Standing | null): boolean {
  return b === null || worth(a) > worth(b) || (worth(a) === worth(b) && a.rank < b.rank);
}

const worth = ({ exact, onLines, asRead }: Standing): number =>
  Number(exact) * 4 + Number(onLines) * 2 + Number(!asRead);
