import { I32, type Meters, meteredBody, type Signature, VOID } from './body.ts';
import { Cursor, concatenated, unsigned } from './cursor.ts';
import { readImports } from './imports.ts';
import { moduleOf, SECTION, type Section, sectionCursor, sectionsOf, withItem } from './module.ts';

export interface Metering {
  /** Name under which the module gives out what is left of its fuel: a mutable i32 that starts at 2^31 - 1. */
  readonly fuel: string;
  /** The same for the bytes that are left of the stack. */
  readonly stack: string;
  /** The imported function `() => ()` that is called when either has fallen below zero. It may throw, which ends all. */
  readonly empty: string;
  /** Pages of 64 KiB that the imported memory has to start with at least. */
  readonly pages: number;
}

const FUNCTION_TYPE = 0x60;
const KIND_GLOBAL = 3;
/** `(mut i32)` of 2^31 - 1. */
const FULL = [I32, 1, 0x41, 0xff, 0xff, 0xff, 0xff, 0x07, 0x0b];

/**
 * The module with two meters in it.
 *
 * Fuel: each function takes one unit where it begins and one at each turn of each of its loops, and copying or filling memory takes
 * one per 64 bytes. So nothing in the module, whoever makes it run, goes on without fuel.
 *
 * Stack: a function that calls others holds the weight of its frame while it runs. How much of its own stack a machine needs for a
 * frame is its own affair; the weight is the same everywhere, and near enough to end the module before a machine does.
 *
 * What the module computes is the same.
 */
export function metered(module: Uint8Array, { fuel, stack, empty, pages }: Metering): Uint8Array<ArrayBuffer> {
  const sections = sectionsOf(module);
  for (const id of Object.values(SECTION)) sectionCursor(sections, id);
  const imports = readImports(sectionCursor(sections, SECTION.import), pages);
  const globals = imports.globals + sectionCursor(sections, SECTION.global).unsigned();
  const meters: Meters = { fuel: globals, stack: globals + 1, empty: imports.functions.indexOf(empty) };
  if (meters.empty < 0) throw new Error(`the module imports no function "${empty}"`);
  const signatures = signaturesOf(sections);
  return moduleOf(
    sections.map(({ id, content }) => {
      switch (id) {
        case SECTION.import:
          return { id, content: imports.content };
        case SECTION.global:
          return { id, content: withItem(withItem(content, FULL), FULL) };
        case SECTION.export:
          return {
            id,
            content: withItem(withItem(content, exported(fuel, meters.fuel)), exported(stack, meters.stack)),
          };
        case SECTION.code:
          return { id, content: meteredCode(content, signatures, meters) };
        default:
          return { id, content };
      }
    }),
  );
}

function exported(name: string, global: number): number[] {
  const text = new TextEncoder().encode(name);
  return [...unsigned(text.length), ...text, KIND_GLOBAL, ...unsigned(global)];
}

/** Of each function of the module's own, in their order. */
function signaturesOf(sections: readonly Section[]): Signature[] {
  const types = sectionCursor(sections, SECTION.type);
  const signatures = listOf(types, () => {
    if (types.byte() !== FUNCTION_TYPE) throw new Error('a type is no function type');
    const parameters = types.take(types.unsigned()).length;
    const results = types.take(types.unsigned());
    if (results.length > 1) throw new Error('a function gives more than one value');
    return { parameters, result: results[0] ?? VOID };
  });
  const functions = sectionCursor(sections, SECTION.function);
  return listOf(functions, () => {
    const signature = signatures[functions.unsigned()];
    if (signature === undefined) throw new Error('a function has no type');
    return signature;
  });
}

function listOf<T>(cursor: Cursor, item: () => T): T[] {
  return Array.from({ length: cursor.unsigned() }, item);
}

function meteredCode(section: Uint8Array, signatures: readonly Signature[], meters: Meters): Uint8Array {
  const code = new Cursor(section);
  if (code.unsigned() !== signatures.length) throw new Error('there are more or fewer functions than types of them');
  const bodies = signatures.map((signature) => meteredBody(code.take(code.unsigned()), signature, meters));
  return concatenated([unsigned(bodies.length), ...bodies.flatMap((body) => [unsigned(body.length), body])]);
}
