/**
 * The import rules of docs/ARCHITECTURE.md as a test: direction, one door per package, no cycles, declared dependencies,
 * purity. `node scripts/imports.ts` checks this repository. Why it is our own: docs/adr/0002-own-import-check.md.
 */
import { checkCycles } from './imports/cycles.ts';
import { checkEdges } from './imports/edges.ts';
import { checkPurity } from './imports/purity.ts';
import { type Finding, reportFindings } from './repository/finding.ts';
import { openRepository, type Repository } from './repository/repository.ts';

/** All findings in a repository; empty when every import keeps the rules. */
export function imports(repository: Repository): Finding[] {
  return [
    ...repository.sources.flatMap((source) => checkEdges(repository, source)),
    ...checkCycles(repository),
    ...repository.sources.flatMap(checkPurity),
  ];
}

if (import.meta.main) {
  const repository = openRepository(process.cwd());
  reportFindings('imports', imports(repository), repository.sources.length);
}
