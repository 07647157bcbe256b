/**
 * Builds every package of the workspace and packs it as npm publishes it: JavaScript with types, no scripts. What goes into
 * which package is said in scripts/packing/plan.ts and docs/adr/0004-one-published-name.md.
 *
 *   npm run pack                            tarballs in dist/packages
 *   npm run -s pack -- --out DIR --json     last line: { packages: [{ name, version, file, bytes }], seconds }
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compile } from './packing/compile.ts';
import { isCompiled, planPackages } from './packing/plan.ts';
import { stagePackage } from './packing/stage.ts';
import { type PackedPackage, packTarballs } from './packing/tarballs.ts';
import { openRepository, type Repository } from './repository/repository.ts';

/** Packs all packages of a repository into `out`. Works in a temporary folder; the sources stay as they are. */
export function pack(repository: Repository, out: string): PackedPackage[] {
  const plans = planPackages(repository);
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'canswarm-pack-')));
  try {
    const built = join(scratch, 'built');
    const parts = plans.flatMap((plan) => plan.parts);
    const sources = parts.flatMap(({ dir, files }) => files.filter(isCompiled).map((path) => `${dir}/${path}`));
    compile(repository.root, sources, built);
    const folders = plans.map((plan) => join(scratch, 'packages', plan.name));
    for (const [index, plan] of plans.entries()) stagePackage(repository, plan, built, folders[index] ?? '');
    const tarballs = join(scratch, 'tarballs');
    mkdirSync(tarballs);
    return packTarballs(plans, folders, tarballs, out);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What was asked for; undefined, and said on standard error, when it cannot be understood. */
function readArguments(): { readonly out: string; readonly json: boolean } | undefined {
  try {
    const out = { type: 'string', default: 'dist/packages' } as const;
    const json = { type: 'boolean', default: false } as const;
    return parseArgs({ options: { out, json } }).values;
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : String(error)}\nusage: npm run pack -- [--out DIR] [--json]`,
    );
    return undefined;
  }
}

function main(): 0 | 2 {
  const asked = readArguments();
  if (asked === undefined) return 2;
  const start = performance.now();
  const packages = pack(openRepository(process.cwd()), resolve(asked.out));
  const seconds = Math.round(performance.now() - start) / 1000;
  for (const { file, bytes } of packages) console.error(`${file} ${bytes} bytes`);
  console.log(asked.json ? JSON.stringify({ packages, seconds }) : `${packages.length} packages in ${seconds} s`);
  return 0;
}

if (import.meta.main) process.exitCode = main();
