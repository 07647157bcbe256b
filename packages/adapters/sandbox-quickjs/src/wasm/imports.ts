import { type Cursor, concatenated, unsigned } from './cursor.ts';

export interface Imports {
  /** Names of the imported functions by their index. */
  readonly functions: readonly string[];
  /** How many globals are imported. */
  readonly globals: number;
  /** The section with the imported memory starting at the pages wanted. */
  readonly content: Uint8Array;
}

const KIND = { function: 0, table: 1, memory: 2, global: 3 } as const;
const HAS_MAXIMUM = 1;

/** Reads the section of imports, in which there is one memory with a maximum. */
export function readImports(section: Cursor, pages: number): Imports {
  const functions: string[] = [];
  let globals = 0;
  let content: Uint8Array | undefined;
  for (let rest = section.unsigned(); rest > 0; rest -= 1) {
    section.name();
    const name = section.name();
    const kind = section.byte();
    if (kind === KIND.function) {
      section.skipNumber();
      functions.push(name);
    } else if (kind === KIND.global) {
      section.skip(2);
      globals += 1;
    } else if (kind === KIND.memory && section.byte() === HAS_MAXIMUM) {
      const before = section.bytes.subarray(0, section.offset);
      section.skipNumber();
      content = concatenated([before, unsigned(pages), section.bytes.subarray(section.offset)]);
      section.skipNumber();
    } else {
      throw new Error(`an import of kind ${kind} is not expected`);
    }
  }
  if (content === undefined) throw new Error('the module imports no memory');
  return { functions, globals, content };
}
