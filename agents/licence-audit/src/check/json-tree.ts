import { JSON_DEPTH_MAX } from '../rules.ts';

interface Place {
  /** Bytes [start, end). */
  readonly start: number;
  readonly end: number;
}

/** A JSON value with the bytes where it stands. */
export type JsonNode = Place &
  (
    | {
        readonly type: 'object';
        readonly members: ReadonlyMap<string, { readonly at: number; readonly value: JsonNode }>;
      }
    | { readonly type: 'array'; readonly items: readonly JsonNode[] }
    | { readonly type: 'string'; readonly value: string }
    | { readonly type: 'number' | 'boolean' | 'null'; readonly text: string }
  );

/**
 * Reads JSON (RFC 8259) from bytes, a byte order mark before it or not; undefined when it is none. Of members with one key the last
 * counts.
 */
export function parseTree(bytes: Uint8Array): JsonNode | undefined {
  try {
    // Only UTF-8 is JSON; positions are counted in what was decoded from it, one unit a byte.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    const reader = new Reader(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'),
      marked ? 3 : 0,
    );
    return reader.whole();
  } catch (error) {
    if (error instanceof NoJson || error instanceof TypeError) return undefined;
    throw error;
  }
}

class NoJson extends Error {}

const SPACE = /[\t\n\r ]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const PLAIN = /[ !#-[\]-\u00ff]*/y;
const ESCAPED = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/g;
const MEANT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  whole(): JsonNode {
    const value = this.#value(0);
    this.#take(SPACE);
    if (this.#at !== this.#text.length) throw new NoJson();
    return value;
  }

  #value(depth: number): JsonNode {
    this.#take(SPACE);
    const start = this.#at;
    const first = this.#text[start];
    if (first === '{' || first === '[') {
      if (depth >= JSON_DEPTH_MAX) throw new NoJson();
      this.#at += 1;
      return first === '{' ? this.#object(start, depth + 1) : this.#array(start, depth + 1);
    }
    if (first === '"') return { type: 'string', value: this.#string(), start, end: this.#at };
    const word = this.#take(WORD);
    if (word !== '') return { type: word === 'null' ? 'null' : 'boolean', text: word, start, end: this.#at };
    const number = this.#take(NUMBER);
    if (number === '') throw new NoJson();
    return { type: 'number', text: number, start, end: this.#at };
  }

  #object(start: number, depth: number): JsonNode {
    const members = new Map<string, { at: number; value: JsonNode }>();
    for (let next = this.#opens('}'); next; next = this.#goesOn('}')) {
      this.#take(SPACE);
      const at = this.#at;
      const key = this.#string();
      this.#expect(':');
      members.set(key, { at, value: this.#value(depth) });
    }
    return { type: 'object', members, start, end: this.#at };
  }

  #array(start: number, depth: number): JsonNode {
    const items: JsonNode[] = [];
    for (let next = this.#opens(']'); next; next = this.#goesOn(']')) items.push(this.#value(depth));
    return { type: 'array', items, start, end: this.#at };
  }

  /** Whether something stands between the brackets. */
  #opens(close: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== close) return true;
    this.#at += 1;
    return false;
  }

  /** Whether a comma leads on; else the bracket must close. */
  #goesOn(close: string): boolean {
    this.#take(SPACE);
    const mark = this.#text[this.#at];
    if (mark !== ',' && mark !== close) throw new NoJson();
    this.#at += 1;
    return mark === ',';
  }

  #expect(mark: string): void {
    this.#take(SPACE);
    if (this.#text[this.#at] !== mark) throw new NoJson();
    this.#at += 1;
  }

  #string(): string {
    const start = this.#at + 1;
    if (this.#text[this.#at] !== '"') throw new NoJson();
    this.#at = start;
    do this.#take(PLAIN);
    while (this.#take(ESCAPED) !== '');
    const inner = Buffer.from(this.#text.slice(start, this.#at), 'latin1').toString('utf8');
    if (this.#text[this.#at] !== '"') throw new NoJson();
    this.#at += 1;
    return inner.includes('\\')
      ? inner.replace(ESCAPE, (_, hex: string | undefined, mark: string) =>
          hex === undefined ? (MEANT[mark] ?? mark) : String.fromCharCode(Number.parseInt(hex, 16)),
        )
      : inner;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [taken = ''] = pattern.exec(this.#text) ?? [];
    this.#at += taken.length;
    return taken;
  }
}
