/*
 * What OPA's compiler gives names to (https://www.openpolicyagent.org/docs/wasm, ABI 1.2 and later): what a policy imports and what
 * it exports.
 */

const I32 = 0x7f;

/** The module all imports come from. */
export const IMPORT_MODULE = 'env';
/** The memory among the imports. */
export const IMPORTED_MEMORY = 'memory';

/** The functions that a policy may import, by how many values they take and give, all of them i32. */
export const IMPORTED: ReadonlyMap<string, { readonly parameters: number; readonly results: number }> = new Map([
  ['opa_abort', { parameters: 1, results: 0 }],
  ...[0, 1, 2, 3, 4].map((count) => [`opa_builtin${count}`, { parameters: count + 2, results: 1 }] as const),
]);

/** Whether these are so many i32. */
export const areI32 = (types: readonly number[], count: number): boolean =>
  types.length === count && types.every((type) => type === I32);

/** What the engine uses of a policy's exports. */
export const EXPORTED = [
  'opa_eval',
  'opa_json_dump',
  'opa_json_parse',
  'opa_malloc',
  'opa_heap_ptr_get',
  'builtins',
] as const;

/** What the runtime inside a policy says when it gets no more memory. */
export const NO_MEMORY = 'opa_malloc: failed';

/** Names that the meters have among a policy's exports. */
export const METER = { fuel: 'canswarm_fuel', stack: 'canswarm_stack', globals: 'canswarm_global_' } as const;

export const PAGE_BYTES = 65_536;
