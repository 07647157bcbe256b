import type { Branch } from './tree.ts';

type Test = (branch: Branch) => boolean;

/** Tests of one element, and how it is joined to the compound before. */
export interface Compound {
  readonly joined: '' | ' ' | '>' | '+';
  readonly tests: readonly Test[];
}

/** Reads a list of selectors: chains of compounds. Undefined when something in it is not taken. */
export function parseSelectors(text: string): readonly (readonly Compound[])[] | undefined {
  try {
    const reader = new Reader(text);
    const chains = reader.list(() => reader.chain());
    return reader.isAtEnd() ? chains : undefined;
  } catch (error) {
    if (error instanceof NotTaken) return undefined;
    throw error;
  }
}

class NotTaken extends Error {}

const NAME = /-?[A-Za-z_][\w-]*/y;
const SPACES = / */y;
const JOINED = / *([>+]) *| +(?=[^ ,)])/y;
const OPERATOR = /[~|^$*]?=/y;
const STRING = /"([^"\\]*)"|'([^'\\]*)'/y;
const NTH =
  /nth-(last-)?(child|of-type)\( *(odd|even|[+-]?\d{1,6}(?!n|\d)|([+-]?)(\d{0,6})n(?: *([+-]) *(\d{1,6}))?) *\)/y;
const END = /(first|last|only)-(child|of-type)(?![\w(-])/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** One or more, parted by commas, with spaces around. */
  list<T>(read: () => T): T[] {
    const items: T[] = [];
    do {
      this.#take(SPACES);
      items.push(read());
      this.#take(SPACES);
    } while (this.#mark(','));
    return items;
  }

  chain(): Compound[] {
    const chain: Compound[] = [{ joined: '', tests: this.#compound(true) }];
    for (let joint = this.#take(JOINED); joint !== null; joint = this.#take(JOINED))
      chain.push({ joined: (joint[1] ?? ' ') as Compound['joined'], tests: this.#compound(true) });
    return chain;
  }

  #compound(mayNegate: boolean): readonly Test[] {
    const start = this.#at;
    const tests: Test[] = [];
    const name = this.#take(NAME)?.[0].toLowerCase();
    if (name !== undefined) tests.push((branch) => branch.name === name);
    else this.#mark('*');
    for (let test = this.#simple(mayNegate); test !== null; test = this.#simple(mayNegate)) tests.push(test);
    if (this.#at === start) throw new NotTaken();
    return tests;
  }

  #simple(mayNegate: boolean): Test | null {
    if (this.#mark('.')) {
      const name = this.#name();
      return ({ attributes }) => wordsOf(attributes.get('class')).includes(name);
    }
    if (this.#mark('#')) {
      const name = this.#name();
      return ({ attributes }) => attributes.get('id') === name;
    }
    if (this.#mark('[')) return this.#attribute();
    if (!this.#mark(':')) return null;
    if (mayNegate && this.#text.startsWith('not(', this.#at)) {
      this.#at += 'not('.length;
      const others = this.list(() => this.#compound(false));
      if (!this.#mark(')')) throw new NotTaken();
      return (branch) => others.every((tests) => tests.some((test) => !test(branch)));
    }
    return this.#position();
  }

  #attribute(): Test {
    this.#take(SPACES);
    const name = this.#name().toLowerCase();
    this.#take(SPACES);
    const operator = this.#take(OPERATOR)?.[0] ?? '';
    let wanted = '';
    if (operator !== '') {
      this.#take(SPACES);
      const quoted = this.#take(STRING);
      wanted = quoted === null ? this.#name() : (quoted[1] ?? quoted[2] ?? '');
      this.#take(SPACES);
    }
    if (!this.#mark(']')) throw new NotTaken();
    return ({ attributes }) => {
      const value = attributes.get(name);
      return value !== undefined && holds(value, operator, wanted);
    };
  }

  #position(): Test {
    const end = this.#take(END);
    if (end !== null) {
      const places = placesBy(end[2] === 'of-type');
      if (end[1] === 'first') return (branch) => places(branch)[0] === 1;
      if (end[1] === 'last') return (branch) => places(branch)[1] === 1;
      return (branch) => places(branch).every((place) => place === 1);
    }
    const nth = this.#take(NTH);
    if (nth === null) throw new NotTaken();
    const [, last, type, formula = '', sign = '', factor = '', way = '+', rest = '0'] = nth;
    const places = placesBy(type === 'of-type');
    const place = (branch: Branch): number => places(branch)[last === undefined ? 0 : 1];
    if (formula === 'odd') return (branch) => place(branch) % 2 === 1;
    if (formula === 'even') return (branch) => place(branch) % 2 === 0;
    if (!formula.includes('n')) return (branch) => place(branch) === Number(formula);
    const step = Number(`${sign}${factor === '' ? 1 : factor}`);
    const from = Number(`${way}${rest}`);
    // Some whole number n of at least 0 with step * n + from = place.
    return (branch) => {
      const n = (place(branch) - from) / step;
      return step === 0 ? place(branch) === from : Number.isInteger(n) && n >= 0;
    };
  }

  #name(): string {
    const name = this.#take(NAME)?.[0];
    if (name === undefined) throw new NotTaken();
    return name;
  }

  #mark(mark: string): boolean {
    const found = this.#text[this.#at] === mark;
    if (found) this.#at += 1;
    return found;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }
}

const wordsOf = (value = ''): readonly string[] => value.match(/[^\t\n\f\r ]+/g) ?? [];

function holds(value: string, operator: string, wanted: string): boolean {
  if (operator === '') return true;
  if (operator === '=') return value === wanted;
  if (operator === '|=') return value === wanted || value.indexOf(`${wanted}-`) === 0;
  if (operator === '~=') return wordsOf(value).includes(wanted);
  if (wanted === '') return false;
  if (operator === '^=') return value.substring(0, wanted.length) === wanted;
  if (operator === '$=') return value.substring(value.length - wanted.length) === wanted;
  return value.indexOf(wanted) !== -1;
}

const placesKnown = new WeakMap<Branch, readonly [number, number]>();

/** Place of an element among its siblings from the first and from the last, of all or of those with its name. */
function placesBy(ofType: boolean): (branch: Branch) => readonly [number, number] {
  if (!ofType) return ({ place, up }) => [place + 1, up === null ? 1 : up.children.length - place];
  return (branch) => {
    if (branch.up === null) return [1, 1];
    if (!placesKnown.has(branch)) rememberTypes(branch.up.children);
    return placesKnown.get(branch) ?? [1, 1];
  };
}

function rememberTypes(siblings: readonly Branch[]): void {
  const byName = new Map<string, Branch[]>();
  for (const branch of siblings) {
    const same = byName.get(branch.name);
    if (same === undefined) byName.set(branch.name, [branch]);
    else same.push(branch);
  }
  for (const same of byName.values())
    for (const [index, branch] of same.entries()) placesKnown.set(branch, [index + 1, same.length - index]);
}
