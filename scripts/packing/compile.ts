import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

/**
 * Compiles sources of the repository into JavaScript and declarations below `outDir`, at the paths that the sources have
 * below `root`. One run for all packages: they import each other's sources, so each file is read and checked once.
 */
export function compile(root: string, sources: readonly string[], outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  const config = join(outDir, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    noEmitOnError: true,
    declaration: true,
    rootDir: root,
    outDir,
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const files = sources.map((path) => join(root, path));
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }));
  runProgram(join(root, 'node_modules/.bin/tsc'), ['-p', config], root);
}
