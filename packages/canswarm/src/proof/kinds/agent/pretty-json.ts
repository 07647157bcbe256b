import { spellUnseen } from '@canswarm/brief';
import type { JsonValue } from '@canswarm/ports';

/** Deepest level that is indented further. */
const INDENTED_MAX = 32;
/** Longest text or key that is shown whole, in UTF-16 units. */
const TEXT_MAX = 2_000;

/** A JSON value as lines for people, and whether that is all of it. */
export interface PrettyJson {
  readonly lines: readonly string[];
  readonly whole: boolean;
}

/**
 * A JSON value as indented lines, keys in the order of their UTF-16 code units, at most `linesMax` lines of `charactersMax` characters
 * together; long texts end in an ellipsis. Whatever would act or hide is spelled with JSON's own escapes, so that the lines are JSON
 * where they are whole.
 */
export function prettyJson(value: JsonValue, linesMax: number, charactersMax: number): PrettyJson {
  const printer = new Printer(linesMax, charactersMax);
  printer.print(value, 0, '', '');
  return { lines: printer.lines, whole: !printer.full && !printer.cut };
}

class Printer {
  readonly lines: string[] = [];
  /** Nothing more is shown. */
  full = false;
  /** A text was shown in part. */
  cut = false;
  readonly #linesMax: number;
  #left: number;

  constructor(linesMax: number, charactersMax: number) {
    this.#linesMax = linesMax;
    this.#left = charactersMax;
  }

  /** Prints a value after `before` (its key) and with `after` (a comma). */
  print(value: JsonValue, depth: number, before: string, after: string): void {
    if (this.full) return;
    if (typeof value !== 'object' || value === null) return this.#line(depth, before + this.#scalar(value) + after);
    const isList = Array.isArray(value);
    const [open, close] = isList ? ['[', ']'] : ['{', '}'];
    const keys = isList ? null : Object.keys(value).sort();
    const length = keys === null ? (value as readonly JsonValue[]).length : keys.length;
    if (length === 0) return this.#line(depth, `${before}${open}${close}${after}`);
    this.#line(depth, `${before}${open}`);
    for (let index = 0; index < length && !this.full; index += 1) {
      const key = keys?.[index];
      const item = (value as { readonly [key: string]: JsonValue })[key ?? index];
      const comma = index + 1 < length ? ',' : '';
      this.print(item ?? null, depth + 1, key === undefined ? '' : `${this.#scalar(key)}: `, comma);
    }
    this.#line(depth, close + after);
  }

  #scalar(value: null | boolean | number | string): string {
    if (typeof value !== 'string') return JSON.stringify(value);
    if (value.length <= TEXT_MAX) return spellUnseen(JSON.stringify(value), unicodeEscapes);
    this.cut = true;
    const beginning = [...value.slice(0, TEXT_MAX)].slice(0, -1).join('');
    return `${spellUnseen(JSON.stringify(beginning), unicodeEscapes).slice(0, -1)}…"`;
  }

  #line(depth: number, text: string): void {
    const line = '  '.repeat(Math.min(depth, INDENTED_MAX)) + text;
    if (this.full || this.lines.length >= this.#linesMax || line.length > this.#left) {
      this.full = true;
      return;
    }
    this.#left -= line.length + 1;
    this.lines.push(line);
  }
}

const unicodeEscapes = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => {
    const code = character.charCodeAt(unit).toString(16);
    return `\\u${code.padStart(4, '0')}`;
  }).join('');
