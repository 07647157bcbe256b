import exceptionIds from 'spdx-exceptions/index.json' with { type: 'json' };
import parseSpdx from 'spdx-expression-parse';
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import licenceIds from 'spdx-license-ids/index.json' with { type: 'json' };

/** One licence of an expression. */
export interface Atom {
  /** Its id without "-only" and "-or-later". */
  readonly base: string;
  readonly orLater: boolean;
  readonly exception: string | null;
}

/** An SPDX expression as a tree. */
export type Expression =
  | { readonly kind: 'licence'; readonly atom: Atom }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression };

const KNOWN: ReadonlySet<string> = new Set([...licenceIds, ...deprecatedIds]);
const EXCEPTIONS: ReadonlySet<string> = new Set(exceptionIds);
/**
 * What the library would read and SPDX does not have: other characters, empty parentheses, references without a name, operators that run
 * into what follows. Licences of other documents are not read either.
 */
const NOT_READ =
  /[^A-Za-z0-9.()+ -]|\( *\)|(?<![A-Za-z0-9.-])(?:\+|LicenseRef-(?![A-Za-z0-9.-])|(?:with|and|or)(?=[A-Za-z0-9.-]))/i;
const REFERENCE = 'LicenseRef-';

/** Reads an SPDX expression; undefined when it is none, or names a licence that is not in the pinned list. Short texts only. */
export function readExpression(text: string): Expression | undefined {
  if (NOT_READ.test(text)) return undefined;
  try {
    return treeOf(parseSpdx(text));
  } catch {
    return undefined;
  }
}

function treeOf(info: ReturnType<typeof parseSpdx>): Expression {
  if ('conjunction' in info) return { kind: info.conjunction, left: treeOf(info.left), right: treeOf(info.right) };
  const { license, plus, exception } = info;
  // The library may come with longer lists than those pinned here; all seats must go by the same.
  if (!KNOWN.has(license) && !license.startsWith(REFERENCE)) throw new RangeError(`${license} is not known`);
  if (exception !== undefined && !EXCEPTIONS.has(exception)) throw new RangeError(`${exception} is not known`);
  const [, base = license, suffix] = /^(.*)-(only|or-later)$/.exec(KNOWN.has(license) ? license : '') ?? [];
  return {
    kind: 'licence',
    atom: { base, orLater: plus === true || suffix === 'or-later', exception: exception ?? null },
  };
}

/** All licences of an expression. */
export function atomsOf(expression: Expression): readonly Atom[] {
  return expression.kind === 'licence'
    ? [expression.atom]
    : [...atomsOf(expression.left), ...atomsOf(expression.right)];
}
