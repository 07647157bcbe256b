import exceptionIds from 'spdx-exceptions/index.json' with { type: 'json' };
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import licenceIds from 'spdx-license-ids/index.json' with { type: 'json' };

/** One licence as it stands in an expression. */
export interface Named {
  /** Without "-only", "-or-later" and "+". */
  readonly id: string;
  readonly later: boolean;
  /** Id of an exception, or empty. */
  readonly exception: string;
}

/** An expression in postfix order: licences, and how many of the values before are joined. */
export type Postfix = readonly (Named | 'AND' | 'OR')[];

const LICENCES: ReadonlySet<string> = new Set([...licenceIds, ...deprecatedIds]);
const EXCEPTIONS: ReadonlySet<string> = new Set(exceptionIds);
const TOKEN = / *([A-Za-z0-9.-]+(?:\+)?|[()])/y;
const BINDS: Readonly<Record<string, number>> = { OR: 1, AND: 2 };

/** Reads an SPDX expression by the shunting-yard algorithm; undefined when it is none. */
export function postfixOf(text: string): Postfix | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const output: (Named | 'AND' | 'OR')[] = [];
  const waiting: string[] = [];
  const release = (least: number): void => {
    while (least <= (BINDS[waiting.at(-1) ?? ''] ?? 0)) output.push(waiting.pop() as 'AND' | 'OR');
  };
  let operandDue = true;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    const operator = token.toUpperCase();
    if (operandDue) {
      if (token === '(') {
        waiting.push(token);
        continue;
      }
      const named = namedOf(token, tokens, at);
      if (named === undefined) return undefined;
      output.push(named);
      if (named.exception !== '') at += 2;
      operandDue = false;
    } else if (token === ')') {
      release(1);
      if (waiting.pop() !== '(') return undefined;
    } else if (operator === 'AND' || operator === 'OR') {
      // Equal ones wait for each other: how they are grouped makes no difference.
      release(BINDS[operator] ?? 0);
      waiting.push(operator);
      operandDue = true;
    } else return undefined;
  }
  release(1);
  return operandDue || waiting.length > 0 ? undefined : output;
}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    tokens.push(match[1] ?? '');
    at = TOKEN.lastIndex;
  }
  return /^ *$/.test(text.slice(at)) ? tokens : undefined;
}

function namedOf(token: string, tokens: readonly string[], at: number): Named | undefined {
  const later = token.endsWith('+');
  const whole = later ? token.slice(0, -1) : token;
  const isReference = /^LicenseRef-[A-Za-z0-9.-]+$/.test(whole) && !later;
  if (!isReference && !LICENCES.has(whole)) return undefined;
  let exception = '';
  if (tokens[at + 1]?.toUpperCase() === 'WITH') {
    exception = tokens[at + 2] ?? '';
    if (!EXCEPTIONS.has(exception)) return undefined;
  }
  if (isReference) return { id: whole, later, exception };
  if (whole.endsWith('-or-later')) return { id: whole.slice(0, -'-or-later'.length), later: true, exception };
  return { id: whole.endsWith('-only') ? whole.slice(0, -'-only'.length) : whole, later, exception };
}

/** How good a licence is: 0 denied, 1 unknown, 2 allowed. */
export type Rank = 0 | 1 | 2;

/** How good an expression is: the worse of what must be kept together, the better of what may be chosen. */
export function rankOf(postfix: Postfix, rank: (named: Named) => Rank): Rank {
  const stack: Rank[] = [];
  for (const part of postfix) {
    if (part !== 'AND' && part !== 'OR') {
      stack.push(rank(part));
      continue;
    }
    const [right = 0, left = 0] = [stack.pop(), stack.pop()];
    const [worse, better] = left < right ? [left, right] : [right, left];
    stack.push(part === 'AND' ? worse : better);
  }
  return stack[0] ?? 0;
}

/** The licences of an expression. */
export const namesOf = (postfix: Postfix): readonly Named[] =>
  postfix.filter((part) => part !== 'AND' && part !== 'OR');
