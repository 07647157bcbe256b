import type { Node } from 'oxc-parser';
import type { Finding } from '../repository/finding.ts';
import type { Source } from '../repository/source.ts';
import { walk } from '../repository/walk.ts';

const fileLinesMax = 400;
const functionLinesMax = 70;

/** What a script of ours wrote: it grows with what it is written from, and nobody reads it from top to bottom. */
const isGenerated = ({ path, text }: Source): boolean =>
  /\/generated(-[a-z]+)*\.ts$/.test(path) && text.startsWith('// Written by scripts/');

/**
 * Files up to 400 lines unless a script wrote them, functions up to 70. A `describe` block is a table of contents and counts as
 * one line.
 */
export function checkSize(source: Source): Finding[] {
  const findings: Finding[] = [];
  const lines = source.text.split('\n').length - (source.text.endsWith('\n') ? 1 : 0);
  if (lines > fileLinesMax && !isGenerated(source)) {
    findings.push({
      rule: 'file-length',
      path: source.path,
      line: fileLinesMax + 1,
      message: `${lines} lines, at most ${fileLinesMax}`,
    });
  }
  walk(source.program, (node, ancestors) => {
    if (!isFunction(node) || isDescribe(ancestors.at(-1))) return undefined;
    const length = lineCount(source, node) - describeLines(source, node);
    if (length > functionLinesMax) {
      findings.push({
        rule: 'function-length',
        path: source.path,
        line: source.lineAt(node.start),
        message: `${length} lines, at most ${functionLinesMax}`,
      });
    }
    return undefined;
  });
  return findings;
}

function isFunction(node: Node): boolean {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

function lineCount(source: Source, node: Node): number {
  return source.lineAt(node.end) - source.lineAt(node.start) + 1;
}

function describeLines(source: Source, container: Node): number {
  let lines = 0;
  walk(container, (node) => {
    if (!isDescribe(node)) return undefined;
    lines += lineCount(source, node) - 1;
    return false;
  });
  return lines;
}

function isDescribe(node: Node | undefined): boolean {
  if (node?.type !== 'CallExpression') return false;
  let callee: Node = node.callee;
  while (callee.type === 'MemberExpression' || callee.type === 'CallExpression') {
    callee = callee.type === 'MemberExpression' ? callee.object : callee.callee;
  }
  return callee.type === 'Identifier' && callee.name === 'describe';
}
