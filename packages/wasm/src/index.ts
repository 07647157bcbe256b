/**
 * Meters put into the code of a WebAssembly module, and the part of WebAssembly's API that its users share:
 *
 *     const { bytes } = metered(module, { fuel: 'fuel', stack: 'stack', full: 1e6, price: 'instructions', empty: null, ... });
 *     const { exports } = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } });
 */
export { Cursor } from './cursor.ts';
export { type ImportedFunction, readImports } from './imports.ts';
export { type Metered, type Metering, metered } from './meter.ts';
export { moduleOf, SECTION, type Section, sectionCursor, sectionsOf } from './module.ts';
export {
  type AnyGlobal,
  type CompiledModule,
  type Global,
  type Instance,
  type Memory,
  webAssembly,
} from './web-assembly.ts';
