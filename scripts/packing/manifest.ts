import { isCompiled, type PackagePlan, type Part } from './plan.ts';

/** What a published package.json takes from its source as it stands. */
const KEPT = ['description', 'keywords', 'license', 'author', 'homepage', 'repository', 'bugs', 'type', 'engines'];

type Texts = Readonly<Record<string, string>>;

/**
 * The package.json of a published package: the doors and commands of its source, leading to built files, and the
 * dependencies of all its parts. `scripts` and `devDependencies` stay at home: nothing runs when it is installed.
 */
export function publishedManifest({ name, version, parts }: PackagePlan): Readonly<Record<string, unknown>> {
  const [own] = parts;
  const kept = KEPT.filter((key) => own.fields[key] !== undefined).map((key) => [key, own.fields[key]]);
  const bins = Object.assign({}, ...parts.map(binOf));
  const peers = textsOf(own, 'peerDependencies');
  const roots = parts.flatMap(({ into, files }) => files.map((path) => `${into}${path}`.split('/', 1)[0] ?? ''));
  return {
    name,
    version,
    ...Object.fromEntries(kept),
    exports: doorsOf(own.fields['exports']),
    ...(Object.keys(bins).length === 0 ? {} : { bin: bins }),
    files: [...new Set(roots)].sort(),
    dependencies: dependenciesOf(name, parts),
    ...(Object.keys(peers).length === 0 ? {} : { peerDependencies: peers }),
    ...(own.fields['peerDependenciesMeta'] === undefined
      ? {}
      : { peerDependenciesMeta: own.fields['peerDependenciesMeta'] }),
    ...(name.startsWith('@') ? { publishConfig: { access: 'public' } } : {}),
  };
}

/** The built file of a source: `./src/index.ts` is `./src/index.js`. */
export function builtPath(path: string): string {
  return isCompiled(path) ? `${path.slice(0, -'.ts'.length)}.js` : path;
}

/** The declarations that are built from a source. */
export function typesPath(path: string): string {
  return `${path.slice(0, -'.ts'.length)}.d.ts`;
}

/** `exports` with each source replaced by its types and its built file; `types` stands first, where TypeScript looks. */
function doorsOf(doors: unknown): unknown {
  if (typeof doors === 'string') {
    return isCompiled(doors) ? { types: typesPath(doors), default: builtPath(doors) } : doors;
  }
  if (typeof doors !== 'object' || doors === null) return doors;
  return Object.fromEntries(Object.entries(doors).map(([key, door]) => [key, doorsOf(door)]));
}

function binOf(part: Part): Texts {
  const commands = Object.entries(textsOf(part, 'bin'));
  return Object.fromEntries(
    commands.map(([command, path]) => [command, `${part.into}${builtPath(path).replace(/^\.\//, '')}`]),
  );
}

/** Of all parts together, but for one another. */
function dependenciesOf(name: string, parts: readonly Part[]): Texts {
  const inside = new Set([name, ...parts.map(({ fields }) => fields['name'])]);
  const all = new Map<string, string>();
  for (const part of parts) {
    for (const [dependency, version] of Object.entries(textsOf(part, 'dependencies'))) {
      if (inside.has(dependency)) continue;
      const other = all.get(dependency);
      if (other !== undefined && other !== version) {
        throw new Error(`${part.dir}/package.json: ${dependency} ${version}, but ${name} brings along ${other}`);
      }
      all.set(dependency, version);
    }
  }
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function textsOf({ fields }: Part, section: string): Texts {
  const entries = fields[section];
  if (typeof entries !== 'object' || entries === null) return {};
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, String(value)]));
}
