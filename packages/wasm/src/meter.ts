import { I32, type Meters, meteredBody, type Price, type Signature, VOID } from './body.ts';
import { Cursor, concatenated, signed, unsigned } from './cursor.ts';
import { type ImportedFunction, type MemoryPages, readImports } from './imports.ts';
import { passInstruction, passValueType } from './instruction.ts';
import { moduleOf, SECTION, type Section, sectionCursor, sectionsOf, withItem } from './module.ts';

export interface Metering {
  /** Name under which the module gives out what is left of its fuel: a mutable i32. */
  readonly fuel: string;
  /** The same for the bytes that are left of the stack. */
  readonly stack: string;
  /** What either has when the module begins, at most 2^31 - 1. Whoever uses it may set them later. */
  readonly full: { readonly fuel: number; readonly stack: number };
  /** What fuel is taken for. */
  readonly price: Price;
  /** The imported function `() => ()` that is called when either has fallen below zero and may throw; null for a trap. */
  readonly empty: string | null;
  /** Whether the module may ask for memory by itself. */
  readonly grows: boolean;
  /** Pages of 64 KiB of the imported memory where they are not to be the module's own. */
  readonly pages: Partial<MemoryPages>;
  /** Gives out each mutable global of the module's own under this name and its number; null to leave them hidden. */
  readonly globals: string | null;
}

export interface Metered {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly functions: readonly ImportedFunction[];
  /** How many globals it imports. */
  readonly globals: number;
  readonly types: readonly FunctionType[];
  readonly memory: MemoryPages;
}

/** Types of values by their bytes in the format: i32 is 0x7f. */
export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

const FUNCTION_TYPE = 0x60;
const KIND_GLOBAL = 3;
const I32_CONST = 0x41;
const END = 0x0b;

/**
 * The module with two meters in it. Throws for what it does not know.
 *
 * Fuel: each function takes fuel where it begins and at each turn of each of its loops, and copying, filling or asking for memory
 * takes more of it. So nothing in the module, whoever makes it run, goes on without fuel.
 *
 * Stack: a function that calls others holds the weight of its frame while it runs. How much of its own stack a machine needs for a
 * frame is its own affair; the weight is the same everywhere, and near enough to end the module before a machine does.
 *
 * What the module computes is the same.
 */
export function metered(module: Uint8Array, metering: Metering): Metered {
  const { fuel, stack, full, empty, price, grows, pages } = metering;
  const sections = sectionsOf(module);
  for (const id of [SECTION.type, SECTION.import, SECTION.function, SECTION.global, SECTION.export, SECTION.code]) {
    sectionCursor(sections, id);
  }
  const imports = readImports(sectionCursor(sections, SECTION.import), pages);
  const own = globalsOf(sectionCursor(sections, SECTION.global));
  const first = imports.globals + own.length;
  const emptyIndex = imports.functions.findIndex(({ name }) => name === empty);
  if (empty !== null && emptyIndex < 0) throw new Error(`the module imports no function "${empty}"`);
  const meters: Meters = { fuel: first, stack: first + 1, empty: empty === null ? null : emptyIndex, price, grows };
  const types = typesOf(sectionCursor(sections, SECTION.type));
  const names = [exported(fuel, meters.fuel), exported(stack, meters.stack)];
  if (metering.globals !== null) {
    for (const [index, { mutable }] of own.entries()) {
      if (mutable) names.push(exported(`${metering.globals}${index}`, imports.globals + index));
    }
  }
  const signatures = signaturesOf(sections, types);
  const content = (section: Section): Uint8Array => {
    switch (section.id) {
      case SECTION.import:
        return imports.content;
      case SECTION.global:
        return [full.fuel, full.stack].map(variable).reduce(withItem, section.content);
      case SECTION.export:
        return names.reduce(withItem, section.content);
      case SECTION.code:
        return meteredCode(section.content, signatures, meters);
      default:
        return section.content;
    }
  };
  const bytes = moduleOf(sections.map((section) => ({ id: section.id, content: content(section) })));
  return { bytes, functions: imports.functions, globals: imports.globals, types, memory: imports.memory };
}

/** `(mut i32)` that begins with this. */
const variable = (value: number): number[] => [I32, 1, I32_CONST, ...signed(value), END];

function exported(name: string, global: number): number[] {
  const text = new TextEncoder().encode(name);
  return [...unsigned(text.length), ...text, KIND_GLOBAL, ...unsigned(global)];
}

function globalsOf(section: Cursor): { readonly mutable: boolean }[] {
  return listOf(section, () => {
    passValueType(section);
    const mutable = section.byte() === 1;
    while (passInstruction(section) !== 'end');
    return { mutable };
  });
}

function typesOf(section: Cursor): FunctionType[] {
  return listOf(section, () => {
    if (section.byte() !== FUNCTION_TYPE) throw new Error('a type is no function type');
    const parameters = valueTypes(section);
    const results = valueTypes(section);
    if (results.length > 1) throw new Error('a function gives more than one value');
    return { parameters, results };
  });
}

function valueTypes(section: Cursor): number[] {
  const count = section.unsigned();
  const start = section.offset;
  for (let rest = count; rest > 0; rest -= 1) passValueType(section);
  return [...section.bytes.subarray(start, section.offset)];
}

/** Of each function of the module's own, in their order. */
function signaturesOf(sections: readonly Section[], types: readonly FunctionType[]): Signature[] {
  const functions = sectionCursor(sections, SECTION.function);
  return listOf(functions, () => {
    const type = types[functions.unsigned()];
    if (type === undefined) throw new Error('a function has no type');
    return { parameters: type.parameters.length, result: type.results[0] ?? VOID };
  });
}

function listOf<T>(cursor: Cursor, item: () => T): T[] {
  const items: T[] = [];
  for (let rest = cursor.unsigned(); rest > 0; rest -= 1) items.push(item());
  return items;
}

function meteredCode(section: Uint8Array, signatures: readonly Signature[], meters: Meters): Uint8Array {
  const code = new Cursor(section);
  if (code.unsigned() !== signatures.length) throw new Error('there are more or fewer functions than types of them');
  const bodies = signatures.map((signature) => meteredBody(code.take(code.unsigned()), signature, meters));
  return concatenated([unsigned(bodies.length), ...bodies.flatMap((body) => [unsigned(body.length), body])]);
}
