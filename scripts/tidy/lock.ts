import type { Finding } from '../repository/finding.ts';
import { dependencySections, type Manifest, parseLock } from '../repository/manifest.ts';
import type { Repository } from '../repository/repository.ts';

const path = 'package-lock.json';

/**
 * The lock file says what every package.json says, and has an entry for each optional binary of every platform: `npm ci`
 * refuses to install otherwise, and an install on one platform may leave the others out.
 */
export function checkLock(repository: Repository): Finding[] {
  if (!repository.files.includes(path)) return [finding('there is no package-lock.json')];
  const locked = parseLock(path, repository.read(path));
  const findings: Finding[] = [];
  for (const { dir, manifest } of [{ dir: '', manifest: repository.manifest }, ...repository.packages]) {
    const entry = locked.get(dir);
    if (entry === undefined || !sameDependencies(entry, manifest)) {
      findings.push(finding(`${dir === '' ? '.' : dir}/package.json says something else`));
    }
  }
  const installed = new Set([...locked.keys()].map((key) => key.slice(key.lastIndexOf('node_modules/'))));
  for (const [key, entry] of locked) {
    for (const name of entry.sections.get('optionalDependencies')?.keys() ?? []) {
      if (!installed.has(`node_modules/${name}`)) findings.push(finding(`${key} needs an entry for ${name}`));
    }
  }
  return findings;
}

function finding(message: string): Finding {
  return { rule: 'lock-file', path, line: 1, message };
}

function sameDependencies(left: Manifest, right: Manifest): boolean {
  return dependencySections.every((section) => {
    const [mine, theirs] = [left.sections.get(section) ?? new Map(), right.sections.get(section) ?? new Map()];
    return mine.size === theirs.size && [...mine].every(([name, range]) => theirs.get(name) === range);
  });
}
