import type { Finding } from '../repository/finding.ts';
import { dependencySections, type Manifest } from '../repository/manifest.ts';
import type { Repository } from '../repository/repository.ts';

const exact = /^(npm:(@[a-z0-9-]+\/)?[a-z0-9._-]+@)?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/**
 * Every package has a README.md and one door, src/index.ts; every version anywhere is exact; all packages share one. A peer
 * belongs to the user, who may have any version of it: `*`.
 */
export function checkPackages(repository: Repository): Finding[] {
  const findings = exactVersions('package.json', repository.manifest);
  const files = new Set(repository.files);
  for (const { dir, manifest } of repository.packages) {
    const path = `${dir}/package.json`;
    for (const needed of ['README.md', 'src/index.ts']) {
      if (!files.has(`${dir}/${needed}`)) {
        findings.push({ rule: 'package-files', path, line: 1, message: `${dir}/${needed} is missing` });
      }
    }
    if (manifest.version !== repository.manifest.version) {
      findings.push({
        rule: 'one-version',
        path,
        line: 1,
        message: `version ${manifest.version}, the workspace is at ${repository.manifest.version}`,
      });
    }
    findings.push(...exactVersions(path, manifest));
  }
  return findings;
}

function exactVersions(path: string, manifest: Manifest): Finding[] {
  const findings: Finding[] = [];
  for (const section of dependencySections) {
    for (const [name, range] of manifest.sections.get(section) ?? []) {
      if (exact.test(range) || (section === 'peerDependencies' && range === '*')) continue;
      findings.push({ rule: 'exact-version', path, line: 1, message: `${name} "${range}": write one version` });
    }
  }
  return findings;
}
