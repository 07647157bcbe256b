import type { Cursor } from './cursor.ts';

/**
 * What metering has to know of an instruction. `bulk` is one whose work grows with the number on top of the stack, `grow` asks for
 * memory.
 */
export type InstructionKind = 'block' | 'loop' | 'end' | 'return' | 'call' | 'bulk' | 'grow' | 'other';

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
const MEMORY_GROW = 0x40;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const F32_CONST = 0x43;
const F64_CONST = 0x44;
const PREFIX = 0xfc;
const MEMORY_COPY = 10;
const MEMORY_FILL = 11;

/** Types of values: f64, f32, i64, i32. Others are not read. */
const VALUE_TYPES = [0x7c, 0x7d, 0x7e, 0x7f];
const NO_RESULT = 0x40;
/** An alignment of this much or more would say that another number follows, or means nothing. */
const ALIGNMENTS = 32;

const KINDS: ReadonlyMap<number, InstructionKind> = new Map([
  [BLOCK, 'block'],
  [IF, 'block'],
  [LOOP, 'loop'],
  [END, 'end'],
  [RETURN, 'return'],
  [CALL, 'call'],
  [CALL_INDIRECT, 'call'],
]);

/** How many numbers follow; those of `local.get` to `global.set` and of what computes are ranges below. */
const NUMBERS: ReadonlyMap<number, number> = new Map([
  ...[0x00, 0x01, ELSE, END, RETURN, 0x1a, 0x1b].map((opcode) => [opcode, 0] as const),
  ...[BR, BR_IF, CALL, MEMORY_SIZE, I32_CONST, I64_CONST].map((opcode) => [opcode, 1] as const),
  [CALL_INDIRECT, 2],
]);

function numbersAfter(opcode: number): number | undefined {
  if (opcode >= 0x20 && opcode <= 0x24) return 1;
  return opcode >= 0x45 && opcode <= 0xc4 ? 0 : NUMBERS.get(opcode);
}

/** Passes the type of a value. Throws for one that is no number. */
export function passValueType(code: Cursor): void {
  const type = code.byte();
  if (!VALUE_TYPES.includes(type)) throw new Error(`unknown type of value 0x${type.toString(16)}`);
}

/**
 * Passes one instruction and says what it is. Throws for whatever it does not know: what it reads in another way than an engine does
 * would be code that nothing meters.
 */
export function passInstruction(code: Cursor): InstructionKind {
  const opcode = code.byte();
  const numbers = numbersAfter(opcode);
  if (numbers !== undefined) {
    for (let rest = numbers; rest > 0; rest -= 1) code.skipNumber();
    return KINDS.get(opcode) ?? 'other';
  }
  if (opcode >= 0x28 && opcode <= 0x3e) return passAddress(code);
  switch (opcode) {
    case BLOCK:
    case LOOP:
    case IF:
      if (code.bytes[code.offset] === NO_RESULT) code.skip(1);
      else passValueType(code);
      return KINDS.get(opcode) ?? 'other';
    case BR_TABLE:
      for (let targets = code.unsigned() + 1; targets > 0; targets -= 1) code.skipNumber();
      return 'other';
    case F32_CONST:
      code.skip(4);
      return 'other';
    case F64_CONST:
      code.skip(8);
      return 'other';
    case MEMORY_GROW:
      passZeros(code, 1);
      return 'grow';
    case PREFIX:
      return passPrefixed(code);
    default:
      throw new Error(`unknown instruction 0x${opcode.toString(16)}`);
  }
}

/** What follows a load or store: the alignment and the offset. */
function passAddress(code: Cursor): InstructionKind {
  if (code.byte() >= ALIGNMENTS) throw new Error('unknown kind of address');
  code.skipNumber();
  return 'other';
}

/** The saturating conversions, and copying and filling of memory. */
function passPrefixed(code: Cursor): InstructionKind {
  const opcode = code.unsigned();
  if (opcode <= 7) return 'other';
  if (opcode !== MEMORY_COPY && opcode !== MEMORY_FILL) throw new Error(`unknown instruction 0xfc ${opcode}`);
  passZeros(code, opcode === MEMORY_COPY ? 2 : 1);
  return 'bulk';
}

/** The numbers of memories, of which there is one. */
function passZeros(code: Cursor, count: number): void {
  for (let rest = count; rest > 0; rest -= 1) if (code.byte() !== 0) throw new Error('there is one memory');
}
