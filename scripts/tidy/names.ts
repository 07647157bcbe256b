import type { Finding } from '../repository/finding.ts';

const kebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const conventional = /^([A-Z][A-Z_]*(\.md)?|CODEOWNERS)$/;
/** Folders whose file names are data, not ours to choose. */
const data = /(^|\/)fixtures\//;

/** Files and folders are named in kebab-case; documents known by their upper-case names keep them. */
export function checkNames(paths: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  for (const path of paths) {
    if (data.test(path)) continue;
    const bad = path.split('/').find((part) => !kebab.test(part) && !conventional.test(part));
    if (bad !== undefined) findings.push({ rule: 'kebab-case', path, line: 1, message: `rename ${bad}` });
  }
  return findings;
}
