import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runIn } from '../packages/world.ts';
import { ROOT } from './world.ts';

/** What the compiler says of TypeScript files below `folder`, under the rules of this repository; nothing: their types hold. */
export async function typeProblems(files: readonly string[], folder: string): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const config = join(folder, 'tsconfig.samples.json');
  const compilerOptions = { typeRoots: [join(ROOT, 'node_modules/@types')], types: ['node'], noEmit: true };
  const extended = join(ROOT, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ extends: extended, compilerOptions, files, include: [], exclude: [] }));
  const world = { folder: dirname(config), node: process.execPath };
  const { exit, out, err } = await runIn(world, join(ROOT, 'node_modules/.bin/tsc'), ['-p', config]);
  return exit === 0 ? [] : [`the types do not hold\n${out}${err}`];
}
