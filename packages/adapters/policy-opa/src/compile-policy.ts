import { PolicyError } from '@canswarm/ports';
import {
  type CompiledModule,
  Cursor,
  type Metered,
  metered,
  moduleOf,
  type Section,
  sectionsOf,
  webAssembly,
} from '@canswarm/wasm';
import { areI32, EXPORTED, IMPORT_MODULE, IMPORTED, METER, PAGE_BYTES } from './abi.ts';

/** Gas for all that comes before the first evaluation: the module's own beginning, its lists, the parameters. */
export const LOAD_GAS = 100_000_000;
/** Bytes of stack of one evaluation, as frames weigh: half of what V8 gives a thread at least. */
export const STACK_BYTES = 491_520;
/** Functions of a table, and functions at all. */
const TABLE_MAX = 65_536;
const FUNCTIONS_MAX = 65_536;

/** Sections of the format by number. */
const CUSTOM = 0;
const TABLE = 4;
/** Types to data count, but for a memory of the module's own (5). */
const KNOWN_SECTIONS = [1, 2, 3, TABLE, 6, 7, 8, 9, 10, 11, 12];
const FUNCTION_REFERENCE = 0x70;

export interface CompiledPolicy {
  readonly module: CompiledModule;
  /** Pages that its memory begins with. */
  readonly pages: number;
  readonly pagesMax: number;
  /** Names of its mutable globals among its exports. */
  readonly globals: readonly string[];
}

/** A policy's module with its meters. Throws PolicyError for what no policy of OPA is. */
export function compilePolicy(wasm: Uint8Array, memoryBytes: number): CompiledPolicy {
  const pagesMax = Math.floor(memoryBytes / PAGE_BYTES);
  const code = attempt(() => meteredPolicy(wasm, pagesMax));
  checkImports(code);
  if (code.memory.initial > pagesMax) {
    throw new PolicyError(
      'budget',
      `the policy begins with ${code.memory.initial} pages of memory, it may have ${pagesMax}`,
    );
  }
  const module = attempt(() => new webAssembly.Module(code.bytes));
  const exported = webAssembly.Module.exports(module);
  for (const name of EXPORTED) {
    if (!exported.some((each) => each.name === name && each.kind === 'function')) {
      throw new PolicyError('module', `the policy has no function "${name}": OPA did not compile it`);
    }
  }
  const globals = exported.map(({ name }) => name).filter((name) => name.startsWith(METER.globals));
  return { module, pages: code.memory.initial, pagesMax, globals };
}

function meteredPolicy(wasm: Uint8Array, pagesMax: number): Metered {
  const sections = sectionsOf(wasm).filter(({ id }) => id !== CUSTOM);
  for (const section of sections) checkSection(section);
  return metered(moduleOf(sections), {
    fuel: METER.fuel,
    stack: METER.stack,
    full: { fuel: LOAD_GAS, stack: STACK_BYTES },
    price: 'instructions',
    empty: null,
    grows: true,
    pages: { maximum: pagesMax },
    globals: METER.globals,
  });
}

function checkSection({ id, content }: Section): void {
  if (!KNOWN_SECTIONS.includes(id)) throw new Error(`a policy has no section ${id}`);
  if (id === 3 && countOf(content) > FUNCTIONS_MAX) throw new Error('the policy has too many functions');
  if (id === TABLE) checkTable(content);
}

/** One table of functions, of bounded size. */
function checkTable(content: Uint8Array): void {
  const [tables, type, bounds] = content;
  const limits = content.subarray(3);
  const size = limits.length === 0 ? 0 : countOf(limits);
  if (tables !== 1 || type !== FUNCTION_REFERENCE || bounds === undefined || bounds > 1 || size > TABLE_MAX) {
    throw new Error('a policy has one table of functions');
  }
}

/** The number that content begins with. */
function countOf(content: Uint8Array): number {
  return new Cursor(content).unsigned();
}

function checkImports({ functions, globals, types }: Metered): void {
  if (globals > 0) throw new PolicyError('import', 'a policy has no use for imported globals');
  for (const { module, name, type } of functions) {
    const known = IMPORTED.get(name);
    const { parameters = [], results = [] } = types[type] ?? {};
    if (module !== IMPORT_MODULE || known === undefined) {
      throw new PolicyError('import', `a policy has no use for the import "${shown(module)}.${shown(name)}"`);
    }
    if (!areI32(parameters, known.parameters) || !areI32(results, known.results)) {
      throw new PolicyError('import', `the import "${name}" is not what OPA imports under that name`);
    }
  }
}

export const shown = (text: string): string => text.slice(0, 64).replaceAll(/[^\x20-\x7e]/g, '?');

/** Whatever is wrong with bytes of anybody is a refusal. */
function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const why = cause instanceof Error ? shown(cause.message) : 'it cannot be read';
    throw new PolicyError('module', `this is no policy that can be metered: ${why}`, { cause });
  }
}
