import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Cursor, readImports, SECTION, sectionCursor, sectionsOf } from '@canswarm/wasm';
import { describe, expect, it } from 'vitest';
import { EXPORTED, IMPORTED } from '../src/abi.ts';
import { compileEngine } from '../src/engine.ts';

const { resolve } = createRequire(import.meta.url);
const wasm = readFileSync(resolve('@jitl/quickjs-wasmfile-release-sync/wasm'));
/** What the engine's own package does with the letters. */
const glue = readFileSync(resolve('@jitl/quickjs-wasmfile-release-sync/emscripten-module'), 'utf8');

const EXPORT_NAMES: Readonly<Record<Exclude<keyof typeof EXPORTED, 'callConstructors'>, string>> = {
  malloc: '_malloc',
  getUndefined: '_QTS_GetUndefined',
  newRuntime: '_QTS_NewRuntime',
  newContext: '_QTS_NewContext',
  newArrayBuffer: '_QTS_NewArrayBuffer',
  newString: '_QTS_NewString',
  getString: '_QTS_GetString',
  isJobPending: '_QTS_IsJobPending',
  executePendingJob: '_QTS_ExecutePendingJob',
  call: '_QTS_Call',
  resolveException: '_QTS_ResolveException',
  evaluate: '_QTS_Eval',
  promiseState: '_QTS_PromiseState',
  enableModuleLoader: '_QTS_RuntimeEnableModuleLoader',
};

/** How the glue code gives the engine what the sandbox replaces by something else. */
const IMPORT_BEGINNINGS: Readonly<Partial<Record<keyof typeof IMPORTED, RegExp>>> = {
  abort: /^\(\)=>\w+\(""\)/,
  dateNow: /^\(\)=>Date\.now\(\)/,
  resizeHeap: /^\w=>\{[^}]*2147483648</,
  loadModuleSource: /^function\([^)]*\)\{[^}]*loadModuleSource/,
  normalizeModule: /^function\([^)]*\)\{[^}]*normalizeModule/,
  callFunction: /^function\([^)]*\)\{[^}]*callFunction/,
  shouldInterrupt: /^function\([^)]*\)\{[^}]*shouldInterrupt/,
  freeHostRef: /^function\([^)]*\)\{[^}]*freeHostRef/,
};

describe('the names of the engine', () => {
  it.each(Object.entries(EXPORT_NAMES))('%s is %s', (key, name) => {
    const letter = EXPORTED[key as keyof typeof EXPORTED];
    expect(glue.replaceAll('\n', '')).toMatch(new RegExp(`\\.${name}=\\w+\\.${letter.replace('$', '\\$')};`));
  });

  it.each(Object.entries(IMPORT_BEGINNINGS))('%s is what is put in its place', (key, beginning) => {
    const letter = IMPORTED[key as keyof typeof IMPORTED];
    const start = new RegExp(`[{,]${letter}:(?=\\(|\\w=>|function)`).exec(
      glue.slice(glue.indexOf('Assertion failed') - 60),
    );
    const place = glue.indexOf('Assertion failed') - 60 + (start?.index ?? 0) + 3;
    expect(glue.slice(place, place + 200)).toMatch(beginning);
  });

  it('names all that the engine imports', () => {
    const imports = readImports(sectionCursor(sectionsOf(wasm), SECTION.import), {});
    const { memory, ...functions } = IMPORTED;
    expect(imports.functions.map(({ name }) => name).sort()).toEqual(Object.values(functions).sort());
    expect(memory).toBe('a');
  });

  it('belong to one build, and no other is taken', () => {
    const other = Uint8Array.from(wasm);
    other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
    expect(() => compileEngine(other, 'other.wasm')).toThrow(/other\.wasm is not the engine/);
  });

  it('the stack ends where the engine says', () => {
    const globals: Cursor = sectionCursor(sectionsOf(wasm), SECTION.global);
    expect([globals.unsigned(), globals.byte(), globals.byte(), globals.byte()]).toEqual([1, 0x7f, 1, 0x41]);
    expect(globals.unsigned()).toBe(5_333_088);
  });
});
