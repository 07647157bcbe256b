import type { Finding } from '../repository/finding.ts';
import { isTest, type Source } from '../repository/source.ts';

interface Pattern {
  readonly rule: string;
  readonly pattern: RegExp;
  readonly message: string;
}

const unfinished: Pattern = {
  rule: 'unfinished',
  pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
  message: 'do it or leave it out',
};

/** Only phrases that tell of the code's own past; "a lease that no longer stands" is a statement about the domain. */
const history: Pattern = {
  rule: 'history',
  pattern:
    /\b(previously|formerly|refactored|rewritten|no longer (needed?s?|used?s?|exists?|supported|required|necessary)|(it|we|this|that|which|code|there|function|method|file) used to)\b/i,
  message: 'a comment says what is, its history is in Git',
};

const silenced: Pattern = {
  rule: 'silenced-tool',
  pattern: /(@ts-(ignore|nocheck)|biome-ignore|eslint-disable|(c8|v8|istanbul) ignore)/,
  message: 'fix what the tool says',
};

const expectedError: Pattern = {
  rule: 'silenced-tool',
  pattern: /@ts-expect-error/,
  message: 'only a test may state that a line does not compile',
};

/** Comments state contracts and reasons: nothing unfinished, no history, no switched-off tools. */
export function checkComments(source: Source): Finding[] {
  const patterns = [unfinished, history, silenced, ...(isTest(source.path) ? [] : [expectedError])];
  const findings: Finding[] = [];
  for (const comment of source.comments) {
    for (const { rule, pattern, message } of patterns) {
      const match = pattern.exec(comment.value);
      if (match === null) continue;
      const line = source.lineAt(comment.start + 2 + match.index);
      findings.push({ rule, path: source.path, line, message: `"${match[0].trim()}": ${message}` });
    }
  }
  return findings;
}

/** The same for prose, outside code spans and code blocks. */
export function checkProse(path: string, lines: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  for (const [index, line] of lines.entries()) {
    const match = unfinished.pattern.exec(line);
    if (match !== null) {
      findings.push({ rule: unfinished.rule, path, line: index + 1, message: `"${match[0]}": ${unfinished.message}` });
    }
  }
  return findings;
}
