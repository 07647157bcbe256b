/** What the rules read of a package.json. Anything else in it is npm's business. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly workspaces: readonly string[];
  /** Every dependency section that is present, by its name in package.json. */
  readonly sections: ReadonlyMap<DependencySection, ReadonlyMap<string, string>>;
}

export const dependencySections = [
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
] as const;
export type DependencySection = (typeof dependencySections)[number];

/** Reads a package.json; throws when it is not an object with a name. */
export function parseManifest(path: string, text: string): Manifest {
  const value = record(JSON.parse(text));
  if (typeof value?.['name'] !== 'string') throw new Error(`${path}: not a package.json with a name`);
  return manifestOf(value);
}

/** Reads the entries of a package-lock.json by their place: '' for the root, folders, `node_modules/...`. */
export function parseLock(path: string, text: string): ReadonlyMap<string, Manifest> {
  const packages = record(record(JSON.parse(text))?.['packages']);
  if (packages === undefined) throw new Error(`${path}: not a package-lock.json with packages`);
  return new Map(Object.entries(packages).map(([place, entry]) => [place, manifestOf(record(entry) ?? {})]));
}

function manifestOf(value: Record<string, unknown>): Manifest {
  const sections = new Map<DependencySection, ReadonlyMap<string, string>>();
  for (const section of dependencySections) {
    const entries = record(value[section]);
    if (entries !== undefined) {
      sections.set(section, new Map(Object.entries(entries).map(([key, range]) => [key, String(range)])));
    }
  }
  const { name, version, workspaces } = value;
  return {
    name: typeof name === 'string' ? name : '',
    version: typeof version === 'string' ? version : '',
    workspaces: Array.isArray(workspaces) ? workspaces.map(String) : [],
    sections,
  };
}

/** True when the package declares `dependency` in one of the `sections`. */
export function declares(manifest: Manifest, dependency: string, sections: readonly DependencySection[]): boolean {
  return sections.some((section) => manifest.sections.get(section)?.has(dependency) === true);
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}
