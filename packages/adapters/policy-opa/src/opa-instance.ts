import { type AnyGlobal, type Memory, webAssembly } from '@canswarm/wasm';
import { IMPORT_MODULE, IMPORTED_MEMORY, NO_MEMORY, PAGE_BYTES } from './abi.ts';
import { type Builtin, builtinOf } from './builtins/builtins.ts';
import { type CompiledPolicy, LOAD_GAS } from './compile-policy.ts';
import { Ended } from './ended.ts';
import { Meters } from './meters.ts';

type Call = (...values: readonly number[]) => number;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Free pages that an instance begins with, so that inputs of its size ask for no more and it can be used again. Part of what an
 * evaluation depends on: asking for memory takes gas.
 */
const SPARE_PAGES = [
  { inputBytes: 2_048, pages: 2 },
  { inputBytes: 32_768, pages: 8 },
  { inputBytes: Number.POSITIVE_INFINITY, pages: 64 },
];
/** Longest list of builtins, and longest argument or result of one, as JSON text. */
const TEXT_BYTES_MAX = 65_536;
const FORMAT_JSON = 0;
const ALIGNMENT = 16;

/** How many an instance has for an input of so many bytes. */
export const sparePagesFor = (inputBytes: number): number =>
  SPARE_PAGES.find((each) => inputBytes <= each.inputBytes)?.pages ?? 0;

/** Of the machine: what it gives memory by, bytes. */
const PIECE_BYTES = 4_096;

/**
 * Writes to each piece of memory that is all zero still. A piece that is read first is the same zeros for all, and gets its own at the first
 * write, when every thread of the process is interrupted: policies of strangers would slow the node down by it.
 */
function writeFirst(memory: Uint8Array): void {
  for (let at = 0; at < memory.length; at += PIECE_BYTES) memory[at] = 0;
}

const aligned = (address: number): number => Math.ceil(address / ALIGNMENT) * ALIGNMENT;

/**
 * One instance of a policy. It stands again as it stood after its beginning before each evaluation: memory and globals are set back,
 * and there is nothing else that it could keep. Once an evaluation has thrown, or its memory has grown, it cannot be used again.
 */
export class OpaInstance {
  readonly #memory: Memory;
  readonly #calls: Readonly<Record<string, Call>>;
  readonly #meters: Meters;
  readonly #globals: readonly { readonly global: AnyGlobal; readonly value: number | bigint }[];
  readonly #builtins = new Map<number, Builtin>();
  readonly #image: Uint8Array;
  readonly #data: number;
  readonly #heap: number;
  #clean = true;

  /** Throws what evaluations throw when it cannot even begin. `allowed` are the builtins that it may call. */
  constructor(
    { module, pages, pagesMax, globals }: CompiledPolicy,
    parameters: Uint8Array,
    allowed: readonly string[],
    sparePages: number,
  ) {
    this.#memory = new webAssembly.Memory({ initial: Math.min(pagesMax, pages + sparePages), maximum: pagesMax });
    writeFirst(new Uint8Array(this.#memory.buffer));
    const instance = new webAssembly.Instance(module, { [IMPORT_MODULE]: this.#imports() });
    this.#calls = instance.exports as Readonly<Record<string, Call>>;
    this.#meters = new Meters(instance);
    this.#meters.grant(LOAD_GAS);
    this.#listBuiltins(allowed);
    this.#data = this.#parse(parameters);
    this.#heap = aligned(this.#call('opa_heap_ptr_get'));
    this.#image = new Uint8Array(this.#memory.buffer).slice();
    this.#globals = globals.map((name) => {
      const global = instance.exports[name] as AnyGlobal;
      return { global, value: global.value };
    });
  }

  /** What it gives for an input, as JSON text. Throws `Ended`, or what WebAssembly throws. */
  evaluate(input: Uint8Array, gas: number): string {
    this.#restore();
    this.#meters.grant(gas);
    const end = aligned(this.#heap + input.length);
    this.#reserve(end);
    new Uint8Array(this.#memory.buffer).set(input, this.#heap);
    return this.#text(this.#call('opa_eval', 0, 0, this.#data, this.#heap, input.length, end, FORMAT_JSON));
  }

  get gasUsed(): number {
    return this.#meters.gasUsed;
  }

  get isOutOfGas(): boolean {
    return this.#meters.isOutOfGas;
  }

  /** Whether it can be set back. */
  get isReusable(): boolean {
    return this.#memory.buffer.byteLength === this.#image.length;
  }

  #restore(): void {
    if (this.#clean) {
      this.#clean = false;
      return;
    }
    new Uint8Array(this.#memory.buffer).set(this.#image);
    for (const { global, value } of this.#globals) global.value = value;
  }

  #listBuiltins(allowed: readonly string[]): void {
    const listed: unknown = JSON.parse(this.#text(this.#call('opa_json_dump', this.#call('builtins'))));
    if (typeof listed !== 'object' || listed === null) throw new Error('the list of builtins is none');
    for (const [name, id] of Object.entries(listed)) this.#builtins.set(Number(id), builtinOf(name, allowed));
  }

  #imports(): Readonly<Record<string, unknown>> {
    const call = (id: number, ...values: readonly number[]): number => this.#builtin(id, values);
    return {
      [IMPORTED_MEMORY]: this.#memory,
      opa_abort: (address: number) => {
        const said = this.#text(address);
        throw new Ended(said === NO_MEMORY ? 'out_of_memory' : 'trap', said);
      },
      opa_builtin0: (id: number) => call(id),
      opa_builtin1: (id: number, _context: number, a: number) => call(id, a),
      opa_builtin2: (id: number, _context: number, a: number, b: number) => call(id, a, b),
      opa_builtin3: (id: number, _context: number, a: number, b: number, c: number) => call(id, a, b, c),
      opa_builtin4: (id: number, _context: number, a: number, b: number, c: number, d: number) => call(id, a, b, c, d),
    };
  }

  /** What the host works out for a policy. What there is no value for is undefined in the policy: address 0. */
  #builtin(id: number, values: readonly number[]): number {
    const builtin = this.#builtins.get(id);
    if (builtin === undefined) throw new Ended('trap', `there is no builtin ${id}`);
    const texts = values.map((value) => this.#text(this.#call('opa_json_dump', value)));
    this.#meters.charge(builtin.gas(texts.reduce((length, text) => length + text.length, 0)));
    const result = builtin.run(texts.map((text): unknown => JSON.parse(text)));
    if (result === undefined) return 0;
    const text = JSON.stringify(result);
    this.#meters.charge(text.length);
    return this.#parse(encoder.encode(text));
  }

  /** Puts JSON text into the memory and has it read. */
  #parse(text: Uint8Array): number {
    const start = this.#call('opa_malloc', text.length);
    const memory = new Uint8Array(this.#memory.buffer);
    if (start + text.length > memory.length) throw new Ended('trap', 'there is no such place');
    memory.set(text, start);
    const value = this.#call('opa_json_parse', start, text.length);
    if (value === 0) throw new Ended('trap', 'this is no JSON');
    return value;
  }

  #call(name: string, ...values: readonly number[]): number {
    return (this.#calls[name] as Call)(...values) >>> 0;
  }

  /** Text up to a zero. */
  #text(start: number): string {
    const memory = new Uint8Array(this.#memory.buffer);
    const end = memory.subarray(start, start + TEXT_BYTES_MAX + 1).indexOf(0);
    if (end < 0) throw new Ended('no_decision', 'there is no end to a text');
    return decoder.decode(memory.subarray(start, start + end));
  }

  /** Memory up to an address. */
  #reserve(end: number): void {
    const { byteLength } = this.#memory.buffer;
    if (end <= byteLength) return;
    try {
      this.#memory.grow(Math.ceil((end - byteLength) / PAGE_BYTES));
    } catch {
      throw new Ended('out_of_memory', 'the input takes more memory than there is');
    }
  }
}
