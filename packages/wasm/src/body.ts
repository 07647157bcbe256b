import { Cursor, concatenated, signed, unsigned } from './cursor.ts';
import { type InstructionKind, passInstruction, passValueType } from './instruction.ts';

/** A function's parameters and what it gives: a type of the format, `VOID` for nothing. */
export interface Signature {
  readonly parameters: number;
  readonly result: number;
}

/**
 * - `turns`: one unit for a function that begins and for each turn of a loop. For code that is known.
 * - `instructions`: one unit for each instruction that may run before the next is taken: those of a function outside of its loops, and
 *   those of a turn of a loop outside of the loops in it, taken or not. A frame weighs as if each of its instructions left a value on
 *   the stack. For code of anybody.
 */
export type Price = 'turns' | 'instructions';

/** Indices of what a metered function touches. */
export interface Meters {
  readonly fuel: number;
  readonly stack: number;
  /** The function called when either is below zero; null for a trap. */
  readonly empty: number | null;
  readonly price: Price;
  readonly grows: boolean;
}

export const I32 = 0x7f;
export const VOID = 0x40;

/** One unit of fuel moves at most this many bytes by an instruction that moves many. */
const BULK_SHIFT = 6;
/** Units for asking for memory, however much. */
const GROW_UNITS = 4096;

/** What a frame is taken to weigh: each local and this many further values in 8 bytes, and what the machine adds to it. */
const FRAME_VALUES = 8;
const FRAME_BYTES = 64;
/** More locals than these and more code than this no function has that is paid by the instruction. */
const LOCALS_MAX = 1024;
const CODE_BYTES_MAX = 131_072;

const op = {
  unreachable: 0x00,
  block: 0x02,
  if: 0x04,
  end: 0x0b,
  br: 0x0c,
  call: 0x10,
  localGet: 0x20,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i32LessSigned: 0x48,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32ShiftUnsigned: 0x76,
} as const;

interface Charges {
  readonly units: (count: number) => readonly number[];
  /** Fuel for as many bytes as the top of the stack says, which stays there. */
  readonly bulk: readonly number[];
  /** The frame of a function that calls others, when it begins and when it ends. */
  readonly enter: readonly number[];
  readonly leave: readonly number[];
}

/** The code that pays, for a function with so many locals, the last of them its own to count in, and so many further values. */
function chargesOf(locals: number, values: number, meters: Meters): Charges {
  const scratch = unsigned(locals - 1);
  const weight = signed(FRAME_BYTES + 8 * (locals + values));
  const stack = unsigned(meters.stack);
  const fuel = unsigned(meters.fuel);
  const ending = meters.empty === null ? [op.unreachable] : [op.call, ...unsigned(meters.empty)];
  const settle = (global: readonly number[]): number[] => [
    ...[op.localTee, ...scratch, op.globalSet, ...global],
    ...[op.localGet, ...scratch, op.i32Const, 0, op.i32LessSigned],
    ...[op.if, VOID, ...ending, op.end],
  ];
  return {
    units: (count) => [op.globalGet, ...fuel, op.i32Const, ...signed(count), op.i32Sub, ...settle(fuel)],
    bulk: [
      ...[op.localTee, ...scratch, op.globalGet, ...fuel],
      ...[op.localGet, ...scratch, op.i32Const, BULK_SHIFT, op.i32ShiftUnsigned, op.i32Sub],
      ...settle(fuel),
    ],
    enter: [op.globalGet, ...stack, op.i32Const, ...weight, op.i32Sub, ...settle(stack)],
    leave: [op.globalGet, ...stack, op.i32Const, ...weight, op.i32Add, op.globalSet, ...stack],
  };
}

interface Instruction {
  readonly kind: InstructionKind;
  readonly start: number;
  readonly end: number;
}

/** The instructions of a body but for the `end` that closes it. */
function instructionsOf(code: Cursor): Instruction[] {
  const instructions: Instruction[] = [];
  while (!code.atEnd) {
    const start = code.offset;
    instructions.push({ kind: passInstruction(code), start, end: code.offset });
  }
  if (instructions.pop()?.kind !== 'end') throw new Error('a function has no end');
  return instructions;
}

/** What is taken where the function begins, then for a turn of each of its loops in their order. */
function unitsOf(instructions: readonly Instruction[], price: Price): number[] {
  const units = [1];
  const regions = [0];
  for (const { kind } of instructions) {
    if (price === 'instructions') units[regions.at(-1) ?? 0] = (units[regions.at(-1) ?? 0] ?? 0) + 1;
    if (kind === 'loop') {
      units.push(1);
      regions.push(units.length - 1);
    }
    if (kind === 'block') regions.push(regions.at(-1) ?? 0);
    if (kind === 'end') regions.pop();
  }
  return units;
}

/**
 * A function's body that pays fuel and, when it calls others, weighs on the stack while it runs. To take the weight off wherever it
 * is left, the code stands in one more block, which branches out of the function and returns then leave instead.
 */
export function meteredBody(body: Uint8Array, { parameters, result }: Signature, meters: Meters): Uint8Array {
  const code = new Cursor(body);
  const groups = code.unsigned();
  const groupsStart = code.offset;
  let locals = parameters + 1;
  for (let group = 0; group < groups; group += 1) {
    locals += code.unsigned();
    passValueType(code);
  }
  const anybodys = meters.price === 'instructions';
  if (anybodys && (locals > LOCALS_MAX || body.length > CODE_BYTES_MAX)) throw new Error('a function is too large');
  const parts: (Uint8Array | readonly number[])[] = [unsigned(groups + 1), body.subarray(groupsStart, code.offset)];
  const instructions = instructionsOf(code);
  const weighs = anybodys || instructions.some(({ kind }) => kind === 'call');
  const charges = chargesOf(locals, anybodys ? instructions.length : FRAME_VALUES, meters);
  const [atStart = [], ...turns] = unitsOf(instructions, meters.price).map(charges.units);

  parts.push([1, I32], atStart);
  if (weighs) parts.push(charges.enter, [op.block, result]);
  let depth = 0;
  let loops = 0;
  for (const { kind, start, end } of instructions) {
    if (kind === 'bulk') parts.push(charges.bulk);
    if (kind === 'grow') parts.push(paidGrowth(charges, meters));
    parts.push(kind === 'return' && weighs ? [op.br, ...unsigned(depth)] : body.subarray(start, end));
    if (kind === 'loop') {
      parts.push(turns[loops] ?? []);
      loops += 1;
    }
    if (kind === 'block' || kind === 'loop') depth += 1;
    if (kind === 'end') depth -= 1;
  }
  if (weighs) parts.push([op.end], charges.leave);
  return concatenated([...parts, [op.end]]);
}

function paidGrowth(charges: Charges, { grows }: Meters): readonly number[] {
  if (!grows) throw new Error('unknown instruction 0x40: the module may not ask for memory');
  return charges.units(GROW_UNITS);
}
