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
  const name = value?.['name'];
  if (value === undefined || typeof name !== 'string') throw new Error(`${path}: not a package.json with a name`);
  const sections = new Map<DependencySection, ReadonlyMap<string, string>>();
  for (const section of dependencySections) {
    const entries = record(value[section]);
    if (entries !== undefined) {
      sections.set(section, new Map(Object.entries(entries).map(([key, range]) => [key, String(range)])));
    }
  }
  const { version, workspaces } = value;
  return {
    name,
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
