import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PackedPackage } from '../../scripts/packing/tarballs.ts';

const run = promisify(execFile);
const TARBALL_BYTES_MAX = 256 * 1024 * 1024;

/** Fields of package-lock.json that a registry tells of a version too. */
const TOLD = [
  'version',
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'bin',
  'engines',
  'os',
  'cpu',
  'libc',
] as const;

/** What package-lock.json notes of a package that npm put into a folder. */
type Locked = Readonly<Partial<Record<(typeof TOLD)[number] | 'name' | 'link', unknown>>>;

/** One version of a package: what a registry says of it, and how to get its bytes. */
interface Version {
  readonly manifest: Readonly<Record<string, unknown>>;
  tarball(): Promise<Buffer>;
}

export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A registry for npm on the loopback that asks nobody else: it has the packages that were packed, and of others those that the
 * repository at `root` has installed, packed when they are asked for. Of packages for other machines it only has the names.
 */
export async function openRegistry(root: string, packed: readonly PackedPackage[]): Promise<Registry> {
  const packages = installedIn(root);
  for (const { name, version, file } of packed) packages.set(name, new Map([[version, await packedVersion(file)]]));
  const server = createServer((request, response) => {
    const [name = '', file] = decodeURIComponent(request.url ?? '')
      .slice(1)
      .split('/-/');
    const versions = packages.get(name);
    const refuse = (): void => void response.writeHead(404).end('{}');
    if (versions === undefined) return refuse();
    if (file === undefined)
      return void response.end(JSON.stringify(documentOf(name, versions, urlOf(server.address()))));
    const version = versions.get(file.replace(/\.tgz$/, ''));
    version?.tarball().then((bytes) => response.end(bytes), refuse) ?? refuse();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: urlOf(server.address()),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const urlOf = (address: string | { readonly port: number } | null): string =>
  `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;

/** What a registry answers for a package. */
function documentOf(name: string, versions: ReadonlyMap<string, Version>, url: string): object {
  const told = [...versions].map(([version, { manifest }]) => {
    const dist = { tarball: `${url}${name}/-/${version}.tgz` };
    return [version, { ...manifest, name, dist }] as const;
  });
  return { name, 'dist-tags': { latest: told.at(-1)?.[0] }, versions: Object.fromEntries(told) };
}

function installedIn(root: string): Map<string, Map<string, Version>> {
  const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  const found = new Map<string, Map<string, Version>>();
  for (const [path, locked] of Object.entries(packages)) {
    const [, name] = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
    if (name === undefined || locked.link === true || typeof locked.version !== 'string') continue;
    const manifest = Object.fromEntries(TOLD.flatMap((key) => (locked[key] === undefined ? [] : [[key, locked[key]]])));
    const versions = found.get(name) ?? new Map<string, Version>();
    versions.set(locked.version, { manifest, tarball: () => tarballOf(join(root, path)) });
    found.set(name, versions);
  }
  return found;
}

async function packedVersion(file: string): Promise<Version> {
  const { stdout } = await run('tar', ['-xzOf', file, 'package/package.json']);
  return { manifest: JSON.parse(stdout), tarball: () => readFile(file) };
}

async function tarballOf(folder: string): Promise<Buffer> {
  if (!existsSync(folder)) throw new Error(`${folder} is not installed on this machine`);
  const args = ['-czf', '-', '--exclude=./node_modules', '--transform=s,^\\.,package,', '-C', folder, '.'];
  const options = { encoding: 'buffer', maxBuffer: TARBALL_BYTES_MAX, env: { ...process.env, GZIP: '-1' } } as const;
  return (await run('tar', args, options)).stdout;
}
