import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PackagePlan } from './plan.ts';
import { runProgram } from './run-program.ts';

/** A package as it was packed. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  /** Absolute path of the tarball. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * Packs the staged folders with `npm pack` and leaves the tarballs in `out`, in place of older ones of the same packages.
 * `folders` are in the order of `plans`; `scratch` is an empty folder.
 */
export function packTarballs(
  plans: readonly PackagePlan[],
  folders: readonly string[],
  scratch: string,
  out: string,
): PackedPackage[] {
  runProgram(
    'npm',
    ['pack', ...folders, '--pack-destination', scratch, '--ignore-scripts', '--loglevel=error'],
    scratch,
  );
  mkdirSync(out, { recursive: true });
  return plans.map(({ name, version }) => {
    const stem = name.replace(/^@/, '').replace('/', '-');
    const file = `${stem}-${version}.tgz`;
    for (const old of readdirSync(out)) if (isTarballOf(stem, old)) rmSync(join(out, old));
    copyFileSync(join(scratch, file), join(out, file));
    return { name, version, file: join(out, file), bytes: statSync(join(out, file)).size };
  });
}

/** True for the tarball of any version of a package: `canswarm-0.1.0.tgz`, but not `canswarm-cli-0.1.0.tgz`. */
function isTarballOf(stem: string, file: string): boolean {
  return file.startsWith(`${stem}-`) && /^\d+\.\d+\.\d+\S*\.tgz$/.test(file.slice(stem.length + 1));
}
