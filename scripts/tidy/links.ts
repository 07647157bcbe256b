import { posix } from 'node:path';
import type { Finding } from '../repository/finding.ts';
import type { Repository } from '../repository/repository.ts';
import { headingAnchors, linkTargets } from './markdown.ts';

/** Every Markdown link to something inside the repository names a file or folder that is there, and a heading that is there. */
export function checkLinks(repository: Repository, path: string): Finding[] {
  const findings: Finding[] = [];
  const text = repository.read(path);
  for (const { target, line } of linkTargets(text)) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
    const [file = '', anchor] = target.split('#', 2);
    const resolved = file === '' ? path : posix.join(posix.dirname(path), decodeURIComponent(file));
    const problem = linkProblem(repository, resolved.replace(/\/$/, ''), anchor);
    if (problem !== undefined) findings.push({ rule: 'broken-link', path, line, message: `${target}: ${problem}` });
  }
  return findings;
}

function linkProblem(repository: Repository, path: string, anchor: string | undefined): string | undefined {
  const isFile = repository.files.includes(path);
  const isFolder = path === '.' || repository.files.some((file) => file.startsWith(`${path}/`));
  if (!isFile && !isFolder) return `there is no ${path}`;
  if (anchor === undefined || !path.endsWith('.md')) return undefined;
  return headingAnchors(repository.read(path)).has(anchor) ? undefined : `${path} has no heading #${anchor}`;
}
