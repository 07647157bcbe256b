import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ENGINE_PAGES, ENGINE_SHA256, IMPORTED } from './abi.ts';
import { metered } from './wasm/meter.ts';
import { type CompiledModule, webAssembly } from './web-assembly.ts';

const require = createRequire(import.meta.url);

/** Names of the meters among the engine's exports; its own have one or two letters. */
export const FUEL = 'fuel';
export const STACK = 'stack';

let compiled: CompiledModule | undefined;

/** The engine with its meters. It is read and compiled once in a thread. Throws when the installed engine is another build. */
export function engine(): CompiledModule {
  if (compiled !== undefined) return compiled;
  const path = require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  compiled = compileEngine(readFileSync(path), path);
  return compiled;
}

export function compileEngine(bytes: Uint8Array, path: string): CompiledModule {
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (hash !== ENGINE_SHA256) {
    throw new Error(
      `${path} is not the engine that this package was made for (sha256 ${hash}, not ${ENGINE_SHA256}): ` +
        'jobs would end in other ways here than elsewhere; install the version that package.json names',
    );
  }
  return new webAssembly.Module(
    metered(bytes, { fuel: FUEL, stack: STACK, empty: IMPORTED.abort, pages: ENGINE_PAGES }),
  );
}
