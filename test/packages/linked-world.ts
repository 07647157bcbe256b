import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesIn, manifestIn } from './folder.ts';
import type { World } from './world.ts';

/** Unpacks a tarball of npm into a folder. */
export function unpack(tarball: string, folder: string): void {
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}

/**
 * A world without a registry: the unpacked packages, moved into its `node_modules` by name, beside the third-party packages
 * that they declare, which are linked from `root`. The Node is the one that runs this program.
 */
export function linkedWorld(root: string, unpacked: string, folder: string): World {
  const modules = join(folder, 'node_modules');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  renameSync(unpacked, modules);
  mkdirSync(join(modules, '.bin'));
  const manifests = filesIn(modules).filter((path) => /^(@canswarm\/)?[^/]+\/package\.json$/.test(path));
  for (const path of manifests) {
    const { dependencies = {}, bin = {} } = manifestIn(join(modules, dirname(path)));
    for (const name of Object.keys(dependencies)) {
      const place = join(modules, name);
      if (existsSync(place)) continue;
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), place);
    }
    for (const [command, target] of Object.entries(bin)) {
      symlinkSync(join('..', dirname(path), target), join(modules, '.bin', command));
    }
  }
  return { name: 'linked', folder, node: process.execPath };
}
