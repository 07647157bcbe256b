import { type AttributeAction, type AttributeSelector, type PseudoSelector, parse, type Selector } from 'css-what';
import { COMPOUNDS_MAX, SELECTOR_UNITS_MAX } from '../rules.ts';
import { attributeOf, lowerCase } from './attributes.ts';
import type { Page, PageElement } from './page.ts';

/** A selector that matches elements of pages. */
export interface PageSelector {
  /** Indices of the elements that match, in the order of the document. */
  matches(page: Page): readonly number[];
}

const NAME = '-?[A-Za-z_][A-Za-z0-9_-]*';
const FORMULA = '(?:odd|even|[+-]?\\d{1,6}|[+-]?\\d{0,6}n(?: *[+-] *\\d{1,6})?)';
const ATTRIBUTE = `\\[ *${NAME} *(?:[~|^$*]?= *(?:""|${NAME}) *)?\\]`;
const POSITION = `:(?:(?:first|last|only)-(?:child|of-type)|nth-(?:last-)?(?:child|of-type)\\( *${FORMULA} *\\))`;
const BASIC = `(?:[.#]${NAME}|${ATTRIBUTE}|${POSITION})`;
const PLAIN = `(?:(?:${NAME}|\\*)${BASIC}*|${BASIC}+)`;
const NOT = `:not\\( *${PLAIN}(?: *, *${PLAIN})* *\\)`;
const COMPOUND = `(?:(?:${NAME}|\\*)(?:${BASIC}|${NOT})*|(?:${BASIC}|${NOT})+)`;
const COMPLEX = `${COMPOUND}(?:(?: *[>+] *| +)${COMPOUND})*`;
/** Selectors as this agent takes them, their quoted values emptied: a part of what the library reads. */
const TAKEN = new RegExp(`^ *${COMPLEX}(?: *, *${COMPLEX})* *$`);
const QUOTED = /"[^"\\]*"|'[^'\\]*'/g;

type Compound = (element: PageElement) => boolean;

interface Step {
  /** How an element relates to the one that the step before matched. */
  readonly relation: 'descendant' | 'child' | 'adjacent' | null;
  readonly matches: Compound;
}

/** Reads a selector; throws a TypeError that names it when it is none that is taken. */
export function readSelector(text: string): PageSelector {
  const isTaken = text.length <= SELECTOR_UNITS_MAX && TAKEN.test(text.replace(QUOTED, '""'));
  const ways = isTaken ? parse(text).map(stepsOf) : [];
  if (!isTaken || ways.some((steps) => steps.length > COMPOUNDS_MAX))
    throw new TypeError(`${JSON.stringify(text)} is no selector that this agent takes: its README has the forms`);
  return {
    matches(page) {
      const found = new Uint8Array(page.elements.length);
      for (const steps of ways) follow(page, steps, found);
      return [...found.keys()].filter((index) => found[index] === 1);
    },
  };
}

function stepsOf(tokens: readonly Selector[]): readonly Step[] {
  const steps: Step[] = [];
  let relation: Step['relation'] = null;
  let compound: Selector[] = [];
  const close = (): void => {
    steps.push({ relation, matches: allOf(compound.map(testOf)) });
    compound = [];
  };
  for (const token of tokens) {
    if (token.type === 'descendant' || token.type === 'child' || token.type === 'adjacent') {
      close();
      relation = token.type;
    } else compound.push(token);
  }
  close();
  return steps;
}

/** Goes from the first step to the last, all elements at a time, so that the work is one pass a step. Marks what the last one reaches. */
function follow({ elements }: Page, steps: readonly Step[], found: Uint8Array): void {
  let reached = new Uint8Array(elements.length);
  for (const { relation, matches } of steps) {
    const next = new Uint8Array(elements.length);
    // Whether an ancestor, or the element itself, was reached by the step before.
    const below = new Uint8Array(elements.length);
    for (const [index, element] of elements.entries()) {
      const inherited = element.parent === -1 ? 0 : (below[element.parent] ?? 0);
      below[index] = inherited | (reached[index] ?? 0);
      const related =
        relation === null ||
        (relation === 'descendant' && inherited === 1) ||
        (relation === 'child' && reached[element.parent] === 1) ||
        (relation === 'adjacent' && reached[element.previous] === 1);
      if (related && matches(element)) next[index] = 1;
    }
    reached = next;
  }
  for (const [index, mark] of reached.entries()) if (mark === 1) found[index] = 1;
}

const allOf =
  (tests: readonly Compound[]): Compound =>
  (element) =>
    tests.every((test) => test(element));

function testOf(token: Selector): Compound {
  if (token.type === 'tag') {
    const name = lowerCase(token.name);
    return (element) => element.name === name;
  }
  if (token.type === 'universal') return () => true;
  if (token.type === 'attribute') return attributeTest(token);
  if (token.type === 'pseudo') return pseudoTest(token);
  throw new TypeError(`a selector of type ${token.type} is not taken`);
}

function attributeTest({ name, action, value }: AttributeSelector): Compound {
  const holds = COMPARE[action];
  const lower = lowerCase(name);
  return ({ node }) => {
    const has = attributeOf(node, lower);
    return has !== undefined && holds(has, value);
  };
}

const COMPARE: Readonly<Record<AttributeAction, (has: string, value: string) => boolean>> = {
  exists: () => true,
  equals: (has, value) => has === value,
  element: (has, value) => value !== '' && has.split(/[\t\n\f\r ]+/).includes(value),
  hyphen: (has, value) => has === value || has.startsWith(`${value}-`),
  start: (has, value) => value !== '' && has.startsWith(value),
  end: (has, value) => value !== '' && has.endsWith(value),
  any: (has, value) => value !== '' && has.includes(value),
  not: () => false,
};

type Position = 'nth' | 'nthLast' | 'nthOfType' | 'nthLastOfType';

function pseudoTest({ name, data }: PseudoSelector): Compound {
  if (name === 'not' && Array.isArray(data)) {
    const others = data.map((tokens) => allOf(tokens.map(testOf)));
    return (element) => !others.some((matches) => matches(element));
  }
  const ofType = name.endsWith('of-type');
  const first: Position = ofType ? 'nthOfType' : 'nth';
  const last: Position = ofType ? 'nthLastOfType' : 'nthLast';
  if (name.startsWith('first')) return (element) => element[first] === 1;
  if (name.startsWith('last')) return (element) => element[last] === 1;
  if (name.startsWith('only')) return (element) => element[first] === 1 && element[last] === 1;
  const [step, offset] = formulaOf(String(data));
  const from = name.startsWith('nth-last') ? last : first;
  return (element) => {
    const rest = element[from] - offset;
    return step === 0 ? rest === 0 : rest % step === 0 && rest / step >= 0;
  };
}

/** Step and offset of "An+B". */
function formulaOf(text: string): readonly [number, number] {
  const plain = text.replaceAll(' ', '');
  if (plain === 'odd') return [2, 1];
  if (plain === 'even') return [2, 0];
  const [, step, offset = '0'] = /^(?:([+-]?\d*)n)?([+-]?\d+)?$/.exec(plain) ?? [];
  if (step === undefined) return [0, Number(offset)];
  return [/\d/.test(step) ? Number(step) : Number(`${step}1`), Number(offset)];
}
