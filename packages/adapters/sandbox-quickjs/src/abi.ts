/*
 * The names that one build of the engine gives to what it imports and exports. The build is told by its hash: with any other bytes
 * the letters mean something else, and fuel measures something else.
 */

/** SHA-256 of the engine: QuickJS 2025-09-13 as `@jitl/quickjs-wasmfile-release-sync` 0.32.0 has it. */
export const ENGINE_SHA256 = '105c3bed22d457e43e3d1c3c1c6959fda62a8fe06f0fc8a985303c3a2be72232';

/** Where the engine has its own stack; below are its data, above is its heap. */
export const ENGINE_STACK = { start: 90_208, end: 5_333_088 } as const;
/** Pages of 64 KiB up to where the heap begins. */
export const ENGINE_PAGES = 82;
/** Pages that the engine can address. */
export const ENGINE_PAGES_MAX = 32_768;

/** The module all imports come from. */
export const IMPORT_MODULE = 'a';

/** What the engine imports, by the names of its C sources and of Emscripten. */
export const IMPORTED = {
  memory: 'a',
  assertFail: 'b',
  fdWrite: 'c',
  fdClose: 'd',
  environGet: 'e',
  environSizesGet: 'f',
  normalizeModule: 'g',
  loadModuleSource: 'h',
  shouldInterrupt: 'i',
  setitimer: 'j',
  resizeHeap: 'k',
  keepaliveClear: 'l',
  localtime: 'm',
  tzset: 'n',
  fdSeek: 'o',
  dateNow: 'p',
  abort: 'q',
  procExit: 'r',
  callFunction: 's',
  freeHostRef: 't',
} as const;

/** What the sandbox uses of the engine's exports. */
export const EXPORTED = {
  callConstructors: 'u',
  malloc: 'v',
  getUndefined: 'E',
  newRuntime: 'K',
  newContext: 'N',
  newArrayBuffer: 'X',
  newString: '_',
  getString: '$',
  isJobPending: 'fa',
  executePendingJob: 'ga',
  call: 'ma',
  resolveException: 'na',
  evaluate: 'pa',
  promiseState: 'wa',
  enableModuleLoader: 'Ha',
} as const;
