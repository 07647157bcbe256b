import type { Finding } from '../repository/finding.ts';
import { packageOf, type Repository } from '../repository/repository.ts';
import { isTest } from '../repository/source.ts';
import { findCycles, type Graph } from './graph.ts';
import { importsOf, packageName, resolveRelative } from './specifiers.ts';

/** No cycle between files and none between packages; `import type` counts, since a reader follows it too. */
export function checkCycles(repository: Repository): Finding[] {
  const files = new Map<string, Set<string>>();
  const packages = new Map<string, Set<string>>();
  for (const source of repository.sources) {
    const owner = packageOf(repository, source.path);
    for (const { specifier } of importsOf(source)) {
      if (specifier === undefined) continue;
      const relative = resolveRelative(source.path, specifier);
      if (relative !== undefined) addEdge(files, source.path, relative);
      const target = repository.packages.find(({ manifest }) => manifest.name === packageName(specifier));
      if (owner !== undefined && target !== undefined && target !== owner && !isTest(source.path)) {
        addEdge(packages, owner.dir, target.dir);
      }
    }
  }
  return [...cycleFindings('file-cycle', files, ''), ...cycleFindings('package-cycle', packages, '/package.json')];
}

function addEdge(graph: Map<string, Set<string>>, from: string, to: string): void {
  const targets = graph.get(from) ?? new Set();
  graph.set(from, targets.add(to));
}

function cycleFindings(rule: string, graph: Graph, suffix: string): Finding[] {
  return findCycles(graph).map((cycle) => ({
    rule,
    path: `${cycle[0]}${suffix}`,
    line: 1,
    message: `${cycle.join(', ')} import each other`,
  }));
}
