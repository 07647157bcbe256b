import { type Comment, type Program, parseSync } from 'oxc-parser';

/** A TypeScript file, parsed. `errors` is not empty when the parser could not read it; `program` is then incomplete. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  readonly errors: readonly string[];
  /** The line, from 1, that holds an offset of `text`. */
  lineAt(offset: number): number;
}

export function parseSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text, { lang: 'ts', sourceType: 'module' });
  const starts = lineStarts(text);
  return {
    path,
    text,
    program,
    comments,
    errors: errors.map((error) => error.message),
    lineAt: (offset) => lineOf(starts, offset),
  };
}

/** True for tests and for the compliance suites, which are tests that a package exports. */
export function isTest(path: string): boolean {
  return /(^|\/)test\//.test(path) || path.endsWith('.test.ts') || /\/src\/compliance(\/|\.ts$)/.test(path);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
