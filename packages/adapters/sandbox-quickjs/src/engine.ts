import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type CompiledModule, metered, webAssembly } from '@canswarm/wasm';
import { ENGINE_PAGES, ENGINE_SHA256, IMPORTED } from './abi.ts';

const require = createRequire(import.meta.url);

/** Names of the meters among the engine's exports; its own have one or two letters. */
export const FUEL = 'fuel';
export const STACK = 'stack';
/** What each meter has until somebody sets it. */
const FULL = 2 ** 31 - 1;

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
  const { bytes: running } = metered(bytes, {
    fuel: FUEL,
    stack: STACK,
    full: { fuel: FULL, stack: FULL },
    price: 'turns',
    empty: IMPORTED.abort,
    grows: false,
    pages: { initial: ENGINE_PAGES },
    globals: null,
  });
  return new webAssembly.Module(running);
}
