/** In how many ways the choices of a pattern may be combined. */
const WAYS_MAX = 10_000;
/** Parts that repeat as often as the text has it. */
const LOOSE_MAX = 6;
const DEPTH_MAX = 32;

/** What a matcher that goes back may try on one text. */
interface Cost {
  /** Combinations of alternatives and of what may be left out. */
  readonly ways: number;
  /** Repetitions whose number the text decides. */
  readonly loose: number;
}

const ONE: Cost = { ways: 1, loose: 0 };
const ENDLESS: Cost = { ways: Number.POSITIVE_INFINITY, loose: 0 };

/**
 * Whether a matcher that goes back ends soon: the choices in the pattern have few combinations, and what repeats without bound
 * holds no choice. Else each character of a short text may double the time. The pattern MUST be one that compiles with the flag `u`.
 */
export function hasFewWays(pattern: string): boolean {
  const { ways, loose } = new Reading(pattern).alternatives(1);
  return ways <= WAYS_MAX && loose <= LOOSE_MAX;
}

class Reading {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /** Up to the end of the group, or of the pattern. */
  alternatives(depth: number): Cost {
    if (depth > DEPTH_MAX) return ENDLESS;
    let [ways, loose] = [0, 0];
    do {
      const one = this.#sequence(depth);
      ways += one.ways;
      loose += one.loose;
    } while (this.#took('|'));
    return { ways, loose };
  }

  #sequence(depth: number): Cost {
    let [ways, loose] = [1, 0];
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at] ?? '')) {
      const part = this.#repeated(this.#atom(depth));
      ways *= part.ways;
      loose += part.loose;
    }
    return { ways, loose };
  }

  #atom(depth: number): Cost {
    if (this.#took('(')) {
      this.#match(/\?(?:[:=!]|<[=!]|<[^>]*>)/y);
      const inner = this.alternatives(depth + 1);
      this.#took(')');
      return inner;
    }
    // A class, an escape with what belongs to it, or one character.
    this.#match(/\[(?:\\.|[^\]\\])*\]|\\(?:[pPu]\{[^}]*\}|k<[^>]*>|.)|./suy);
    return ONE;
  }

  #repeated(part: Cost): Cost {
    const [, mark, from, comma, to] = this.#match(/(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y) ?? [];
    if (mark === '?') return { ways: part.ways + 1, loose: part.loose };
    if (mark === undefined && from === undefined) return part;
    const least = mark === undefined ? Number(from) : 0;
    const bound = comma === ',' ? (to === '' ? Number.POSITIVE_INFINITY : Number(to)) : least;
    const most = mark === undefined ? bound : Number.POSITIVE_INFINITY;
    if (part.ways === 1 && part.loose === 0) return { ways: 1, loose: most > Math.max(1, least) ? 1 : 0 };
    return { ways: part.ways === 1 ? most - least + 1 : (part.ways + 1) ** most, loose: part.loose * most };
  }

  #took(character: string): boolean {
    if (this.#pattern[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#at;
    const found = form.exec(this.#pattern);
    if (found !== null) this.#at += found[0].length;
    return found;
  }
}
