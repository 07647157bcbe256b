import type { Finding } from '../repository/finding.ts';
import { declares } from '../repository/manifest.ts';
import { type Package, packageOf, type Repository } from '../repository/repository.ts';
import { isTest, type Source } from '../repository/source.ts';
import { importedByNobody, mayImport } from './layers.ts';
import { type Import, importsOf, packageName, resolveRelative } from './specifiers.ts';

/** The only doors besides a package's own name, and who may use them. */
const sideDoors: ReadonlyMap<string, (path: string) => boolean> = new Map([['@canswarm/ports/compliance', isTest]]);

/** Files that load modules chosen at run time: programs and agents that a user asked for. */
const loaders = /^packages\/(adapters\/local\/src\/|canswarm\/src\/skills\/load-agent\.ts$)/;

/** Checks each import of a file by itself: direction, door, declaration. Cycles need the whole and are checked apart. */
export function checkEdges(repository: Repository, source: Source): Finding[] {
  const owner = packageOf(repository, source.path);
  const findings: Finding[] = [];
  for (const found of importsOf(source)) {
    const problem = edgeProblem(repository, source.path, owner, found);
    if (problem !== undefined) findings.push({ ...problem, path: source.path, line: found.line });
  }
  return findings;
}

type Problem = Pick<Finding, 'rule' | 'message'>;

function edgeProblem(
  repository: Repository,
  path: string,
  owner: Package | undefined,
  { specifier }: Import,
): Problem | undefined {
  if (specifier === undefined) {
    const allowed = loaders.test(path) || isTest(path);
    return allowed ? undefined : { rule: 'computed-import', message: 'name the module in the import itself' };
  }
  if (specifier.startsWith('node:')) return undefined;
  const relative = resolveRelative(path, specifier);
  if (relative !== undefined) return relativeProblem(repository, owner, relative);
  const name = packageName(specifier);
  const target = repository.packages.find(({ manifest }) => manifest.name === name);
  const crossing = target === undefined ? undefined : crossingProblem(path, owner, target, specifier);
  return crossing ?? (isDeclared(repository, path, owner, name) ? undefined : undeclared(name, owner));
}

function relativeProblem(repository: Repository, owner: Package | undefined, target: string): Problem | undefined {
  if (!repository.files.includes(target)) return { rule: 'missing-file', message: `there is no ${target}` };
  const other = packageOf(repository, target);
  if (other === owner || other === undefined) {
    if (other === owner || owner === undefined) return undefined;
    return { rule: 'one-door', message: `${target} lies outside ${owner.dir}` };
  }
  return { rule: 'one-door', message: `${target} is inside another package: import ${other.manifest.name}` };
}

function crossingProblem(
  path: string,
  owner: Package | undefined,
  target: Package,
  specifier: string,
): Problem | undefined {
  if (specifier !== target.manifest.name && sideDoors.get(specifier)?.(path) !== true) {
    return { rule: 'one-door', message: `${specifier}: the door is ${target.manifest.name}` };
  }
  if (target === owner) return { rule: 'one-door', message: 'inside a package, import the file itself' };
  if (importedByNobody.test(target.dir)) return { rule: 'arrows', message: `nothing imports ${target.dir}` };
  if (owner === undefined || isTest(path)) return undefined;
  const allowed = mayImport(owner.dir, target.dir);
  if (allowed === undefined) {
    return { rule: 'arrows', message: `${owner.dir} has no row in scripts/imports/layers.ts` };
  }
  return allowed ? undefined : { rule: 'arrows', message: `${owner.dir} may not import ${target.dir}` };
}

/** Sources need `dependencies`; tests may also use `devDependencies` of their package or of the root. */
function isDeclared(repository: Repository, path: string, owner: Package | undefined, name: string): boolean {
  const development = ['dependencies', 'devDependencies', 'peerDependencies'] as const;
  if (owner === undefined) {
    const isWorkspace = repository.packages.some(({ manifest }) => manifest.name === name);
    return isWorkspace || declares(repository.manifest, name, development);
  }
  if (!isTest(path)) return declares(owner.manifest, name, ['dependencies', 'peerDependencies']);
  return declares(owner.manifest, name, development) || declares(repository.manifest, name, development);
}

function undeclared(name: string, owner: Package | undefined): Problem {
  return { rule: 'undeclared', message: `${name} is not in ${owner?.dir ?? '.'}/package.json` };
}
