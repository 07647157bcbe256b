import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackedPackage } from '../../scripts/packing/tarballs.ts';
import type { Report } from '../e2e/suite.ts';
import { runIn, type World } from './world.ts';

/** The oldest Node that `engines` promises. */
const NODE = '22.18.0';
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--save-exact'];

/** What npm notes of an installed package in `node_modules/.package-lock.json`. */
interface Installed {
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

/** A world as a user makes it: an empty folder, the oldest Node, and `npm install` of the tarballs. */
export async function installedWorld(packed: readonly PackedPackage[], folder: string, report: Report): Promise<World> {
  const node = await oldestNode(join(folder, 'node'));
  const world: World = { name: 'installed', folder: emptyPackage(join(folder, 'user'), {}), node };
  const version = (await runIn(world, node, ['--version'])).out.trim();
  report.check(`the Node is ${NODE}`, version === `v${NODE}`, version);
  const start = performance.now();
  await install(
    world,
    packed.map(({ file }) => file),
  );
  report.metric('installSeconds', (performance.now() - start) / 1000);
  const installed = installedIn(world.folder);
  report.metric('installed', installed.size);
  const own = packed.filter(
    ({ name }) => installed.get(`node_modules/${name}`)?.resolved?.startsWith('file:') !== true,
  );
  report.check('what was packed is what was installed', own.length === 0, own.map(({ name }) => name).join(', '));
  const scripts = [...installed].filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path);
  report.check('installing runs no script of any package', scripts.length === 0, scripts.join(', '));
  return world;
}

/** Installs Node from its npm package; its path. */
async function oldestNode(folder: string): Promise<string> {
  emptyPackage(folder, { allowScripts: { node: true } });
  await install({ folder, node: process.execPath }, [`node@${NODE}`]);
  return join(folder, 'node_modules/node/bin/node');
}

function emptyPackage(folder: string, fields: object): string {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'user', private: true, type: 'module', ...fields };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

/** Installs packages with npm into a folder. Throws what npm said when it does not come to its end. */
export async function install(world: Omit<World, 'name'>, wanted: readonly string[]): Promise<void> {
  const { exit, out, err } = await runIn(world, 'npm', [...INSTALL, ...wanted]);
  if (exit !== 0) throw new Error(`npm install ${wanted.join(' ')} ended with code ${exit}\n${out}${err}`);
}

function installedIn(folder: string): ReadonlyMap<string, Installed> {
  const lock: { readonly packages: Readonly<Record<string, Installed>> } = JSON.parse(
    readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'),
  );
  return new Map(Object.entries(lock.packages));
}
