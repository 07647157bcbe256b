import type { Cursor } from './cursor.ts';

/** What metering has to know of an instruction; `bulk` is one whose work grows with the number on top of the stack. */
export type InstructionKind = 'block' | 'loop' | 'end' | 'return' | 'call' | 'bulk' | 'other';

const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const END = 0x0b;
const BR = 0x0c;
const BR_IF = 0x0d;
const BR_TABLE = 0x0e;
const RETURN = 0x0f;
const CALL = 0x10;
const CALL_INDIRECT = 0x11;
const MEMORY_SIZE = 0x3f;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const F32_CONST = 0x43;
const F64_CONST = 0x44;
const PREFIX = 0xfc;
const MEMORY_COPY = 10;
const MEMORY_FILL = 11;

const KINDS: ReadonlyMap<number, InstructionKind> = new Map([
  [BLOCK, 'block'],
  [IF, 'block'],
  [LOOP, 'loop'],
  [END, 'end'],
  [RETURN, 'return'],
  [CALL, 'call'],
  [CALL_INDIRECT, 'call'],
]);

/** How many numbers follow; those of `local.get` to `global.set` and of loads and stores are ranges below. */
const NUMBERS: ReadonlyMap<number, number> = new Map([
  ...[0x00, 0x01, ELSE, END, RETURN, 0x1a, 0x1b].map((opcode) => [opcode, 0] as const),
  ...[BLOCK, LOOP, IF, BR, BR_IF, CALL, MEMORY_SIZE, I32_CONST, I64_CONST].map((opcode) => [opcode, 1] as const),
  [CALL_INDIRECT, 2],
]);

function numbersAfter(opcode: number): number | undefined {
  if (opcode >= 0x20 && opcode <= 0x24) return 1;
  if (opcode >= 0x28 && opcode <= 0x3e) return 2;
  return opcode >= 0x45 && opcode <= 0xc4 ? 0 : NUMBERS.get(opcode);
}

/**
 * Passes one instruction and says what it is. Throws for whatever it does not know to be harmless: what it cannot read it cannot
 * meter, and `memory.grow` would get round the limit on memory.
 */
export function passInstruction(code: Cursor): InstructionKind {
  const opcode = code.byte();
  const numbers = numbersAfter(opcode);
  if (numbers !== undefined) {
    for (let rest = numbers; rest > 0; rest -= 1) code.skipNumber();
    return KINDS.get(opcode) ?? 'other';
  }
  switch (opcode) {
    case BR_TABLE:
      for (let targets = code.unsigned() + 1; targets > 0; targets -= 1) code.skipNumber();
      return 'other';
    case F32_CONST:
      code.skip(4);
      return 'other';
    case F64_CONST:
      code.skip(8);
      return 'other';
    case PREFIX:
      return passPrefixed(code);
    default:
      throw new Error(`unknown instruction 0x${opcode.toString(16)}`);
  }
}

/** The saturating conversions, and copying and filling of memory. */
function passPrefixed(code: Cursor): InstructionKind {
  const opcode = code.unsigned();
  if (opcode <= 7) return 'other';
  if (opcode !== MEMORY_COPY && opcode !== MEMORY_FILL) throw new Error(`unknown instruction 0xfc ${opcode}`);
  code.skip(opcode === MEMORY_COPY ? 2 : 1);
  return 'bulk';
}
