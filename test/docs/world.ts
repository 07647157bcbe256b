import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pack } from '../../scripts/pack.ts';
import { openRepository } from '../../scripts/repository/repository.ts';
import { runIn } from '../packages/world.ts';
import { openRegistry } from './registry.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** Where pages are followed: what `npm install` reaches, and packages that are installed already. */
export interface DocsWorld {
  /**
   * - `linked`: the packages are those of this repository, as sources; `npm install` is left out.
   * - `installed`: they are built, packed and installed by npm from a registry on the loopback.
   */
  readonly name: 'linked' | 'installed';
  /** A folder of packages with canswarm in it. */
  readonly modules: string;
  /** What npm asks, null: it is not run. */
  readonly registry: string | null;
  close(): Promise<void>;
}

export const linkedWorld = (): DocsWorld => ({
  name: 'linked',
  modules: join(ROOT, 'node_modules'),
  registry: null,
  close: async () => undefined,
});

/** Packs the packages, and installs canswarm from them into a new folder below `folder`. */
export async function installedWorld(folder: string): Promise<DocsWorld> {
  const packed = pack(openRepository(ROOT), join(folder, 'tarballs'));
  const registry = await openRegistry(ROOT, packed);
  const place = join(folder, 'installed');
  mkdirSync(place, { recursive: true });
  const args = ['install', '--registry', registry.url, '--cache', join(folder, 'cache'), '--no-audit', 'canswarm'];
  const { exit, out, err } = await runIn({ folder: place, node: process.execPath }, 'npm', args);
  if (exit !== 0) {
    await registry.close();
    throw new Error(`npm ${args.join(' ')} ended with code ${exit}\n${out}${err}`);
  }
  return {
    name: 'installed',
    modules: join(place, 'node_modules'),
    registry: registry.url,
    close: () => registry.close(),
  };
}

/** Variables of a reader's shell: this Node, a home of its own, programs in `servers`, and nothing of this repository. */
export function readersEnv(world: DocsWorld, home: string, servers: readonly string[] = []): NodeJS.ProcessEnv {
  mkdirSync(home, { recursive: true });
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((place) => !place.endsWith('/.bin'));
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|CANSWARM_|XDG_|NODE_|VITEST|CI$)/.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: [dirname(process.execPath), ...servers, ...path].join(delimiter),
    HOME: home,
    npm_config_cache: join(home, '.npm'),
    npm_config_update_notifier: 'false',
    ...(world.registry === null ? {} : { npm_config_registry: world.registry }),
  };
}

/** Puts the world's packages into a folder, for pages that say that they are installed. */
export const install = (world: DocsWorld, folder: string): void =>
  symlinkSync(world.modules, join(folder, 'node_modules'));
