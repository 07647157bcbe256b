import type { Finding } from '../repository/finding.ts';
import type { Source } from '../repository/source.ts';
import { walk } from '../repository/walk.ts';

/** No `any` in any position, and no non-null assertion: types do the work or say what they do not know. */
export function checkTypes(source: Source): Finding[] {
  const findings: Finding[] = [];
  const add = (rule: string, offset: number, message: string): void => {
    findings.push({ rule, path: source.path, line: source.lineAt(offset), message });
  };
  walk(source.program, (node) => {
    if (node.type === 'TSAnyKeyword') add('no-any', node.start, 'say what it is, or unknown');
    if (node.type === 'TSNonNullExpression') add('no-non-null', node.start, 'handle the missing case');
    return undefined;
  });
  return findings;
}
