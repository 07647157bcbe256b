import { type Cursor, concatenated, unsigned } from './cursor.ts';

export interface ImportedFunction {
  readonly module: string;
  readonly name: string;
  /** Index of its type. */
  readonly type: number;
}

export interface Imports {
  /** By their index. */
  readonly functions: readonly ImportedFunction[];
  /** How many globals are imported. */
  readonly globals: number;
  /** Pages with which the memory starts and beyond which it cannot grow, as `content` has them. */
  readonly memory: MemoryPages;
  /** The section with the bounds that are wanted. */
  readonly content: Uint8Array;
}

export interface MemoryPages {
  readonly initial: number;
  readonly maximum: number;
}

const KIND = { function: 0, memory: 2, global: 3 } as const;
const HAS_MAXIMUM = 1;
/** Pages of 64 KiB that a memory can have. */
const PAGES_MAX = 65_536;

/** Reads the section of imports, in which there is one memory; what of its bounds is not wanted otherwise stays. */
export function readImports(section: Cursor, wanted: Partial<MemoryPages>): Imports {
  const functions: ImportedFunction[] = [];
  let globals = 0;
  let memory: MemoryPages | undefined;
  let content: Uint8Array | undefined;
  for (let rest = section.unsigned(); rest > 0; rest -= 1) {
    const module = section.name();
    const name = section.name();
    const before = section.bytes.subarray(0, section.offset);
    const kind = section.byte();
    if (kind === KIND.function) {
      functions.push({ module, name, type: section.unsigned() });
    } else if (kind === KIND.global) {
      section.skip(2);
      globals += 1;
    } else if (kind === KIND.memory && memory === undefined) {
      memory = { ...boundsOf(section), ...wanted };
      const bounds = [KIND.memory, HAS_MAXIMUM, ...unsigned(memory.initial), ...unsigned(memory.maximum)];
      content = concatenated([before, bounds, section.bytes.subarray(section.offset)]);
    } else {
      throw new Error(`an import of kind ${kind} is not expected`);
    }
  }
  if (content === undefined || memory === undefined) throw new Error('the module imports no memory');
  return { functions, globals, memory, content };
}

function boundsOf(section: Cursor): MemoryPages {
  const flags = section.byte();
  if (flags > HAS_MAXIMUM) throw new Error('the imported memory is not an ordinary one');
  const initial = section.unsigned();
  return { initial, maximum: flags === HAS_MAXIMUM ? section.unsigned() : PAGES_MAX };
}
