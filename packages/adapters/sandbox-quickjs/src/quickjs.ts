import { SandboxError } from '@canswarm/ports';
import { type Global, webAssembly } from '@canswarm/wasm';
import { ENGINE_STACK, EXPORTED, IMPORT_MODULE, IMPORTED } from './abi.ts';
import { engine, FUEL, STACK } from './engine.ts';
import type { Meters } from './meters.ts';

/** Where a value of the engine stands in its memory. */
export type Value = number;

/** How the engine is told what it evaluates: a script of strict code, or a module. */
const FLAGS = { script: 8, module: 1 } as const;
const PROMISE_PENDING = 0;
/** The files there are, as stacks name them. */
const FILES = { script: 'sandbox.js', module: 'module.js' } as const;
/** What every import is made to name: nothing that is there. */
const NO_MODULE = '?';
const TM_BYTES = 44;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Call = (...values: number[]) => number;

/** An engine that has begun, as it stands in memory. Engines made of it do not differ in anything. */
export interface Image {
  readonly data: Uint8Array;
  readonly heap: Uint8Array;
  readonly runtime: number;
  readonly context: number;
}

/**
 * One QuickJS with a context of its own. Values are never freed: an engine lives as long as one job. Each call may throw what the
 * meters throw, or a trap of WebAssembly; none may be made after that.
 */
export class QuickJs {
  readonly #meters: Meters;
  readonly #calls: Readonly<Record<keyof typeof EXPORTED, Call>>;
  readonly #runtime: number;
  readonly #context: number;
  #refuseImport: () => unknown = () => undefined;

  constructor(meters: Meters, image?: Image) {
    this.#meters = meters;
    const { exports } = new webAssembly.Instance(engine(), { [IMPORT_MODULE]: this.#imports() });
    meters.connect(exports[FUEL] as Global, exports[STACK] as Global);
    this.#calls = Object.fromEntries(
      Object.entries(EXPORTED).map(([name, letter]) => [name, exports[letter]]),
    ) as Record<keyof typeof EXPORTED, Call>;
    if (image === undefined) {
      this.#calls.callConstructors();
      this.#runtime = this.#calls.newRuntime();
      this.#context = this.#calls.newContext(this.#runtime, 0);
      this.#calls.enableModuleLoader(this.#runtime, 1);
    } else {
      this.#runtime = image.runtime;
      this.#context = image.context;
      meters.onGrow(ENGINE_STACK.end + image.heap.length);
      this.#memory().set(image.data);
      this.#memory().set(image.heap, ENGINE_STACK.end);
    }
  }

  image(): Image {
    const memory = this.#memory();
    const [data, heap] = [memory.slice(0, ENGINE_STACK.start), memory.slice(ENGINE_STACK.end)];
    return { data, heap, runtime: this.#runtime, context: this.#context };
  }

  /** A new view of the engine's memory: growth ends the last one. */
  #memory(): Uint8Array {
    return new Uint8Array(this.#meters.memory.buffer);
  }

  /** Calls this, which has to throw, for each import that a module has or does, and the import throws that. */
  onImport(callee: Value, values: readonly Value[]): void {
    this.#refuseImport = () => this.#called(callee, values);
  }

  /** Gives what the script's last expression gives. Its code is strict. */
  script(source: string): Outcome {
    return this.#evaluate(source, 'script');
  }

  /** Gives the module's exports, or a promise while it waits for something at its top level. */
  module(source: string): Outcome {
    return this.#evaluate(source, 'module');
  }

  #evaluate(source: string, kind: keyof typeof FLAGS): Outcome {
    const bytes = encoder.encode(source);
    const [place, file] = [this.#place(bytes), this.#place(encoder.encode(FILES[kind]))];
    return this.#outcome(this.#calls.evaluate(this.#context, place, bytes.length, file, 0, FLAGS[kind]));
  }

  call(callee: Value, values: readonly Value[]): Outcome {
    return this.#outcome(this.#called(callee, values));
  }

  #called(callee: Value, values: readonly Value[]): Value {
    const list = this.#place(new Uint8Array(Int32Array.from(values).buffer));
    return this.#calls.call(this.#context, callee, this.#calls.getUndefined(), values.length, list);
  }

  #outcome(value: Value): Outcome {
    const thrown = this.#calls.resolveException(this.#context, value);
    return thrown === 0 ? { ok: true, value } : { ok: false, value: thrown };
  }

  isOpenPromise(value: Value): boolean {
    return this.#calls.promiseState(this.#context, value) === PROMISE_PENDING;
  }

  /** Does what promises have left to do, until nothing is left. */
  settle(): void {
    const context = this.#place(new Uint8Array(4));
    while (this.#calls.isJobPending(this.#runtime) !== 0) this.#calls.executePendingJob(this.#runtime, -1, context);
  }

  /** Text without a zero, as JSON is. */
  newText(text: string): Value {
    return this.#calls.newString(this.#context, this.#place(encoder.encode(text)));
  }

  /** An ArrayBuffer with a copy of the bytes. */
  newBuffer(bytes: Uint8Array): Value {
    return this.#calls.newArrayBuffer(this.#context, this.#place(bytes), bytes.length);
  }

  /** Text without a zero, at most so many bytes of it. */
  textOf(value: Value, bytesMax: number): string {
    const start = this.#calls.getString(this.#context, value);
    const bytes = this.#memory();
    const end = bytes.indexOf(0, start);
    if (start === 0) throw new SandboxError('threw', 'the job broke the engine: there is no text');
    if (end - start > bytesMax) throw new SandboxError('result', `it is longer than ${bytesMax} bytes`);
    return decoder.decode(bytes.subarray(start, end));
  }

  /** Puts bytes, and a zero after them, into the engine's memory for good. */
  #place(bytes: Uint8Array): number {
    const start = this.#calls.malloc(bytes.length + 1);
    const memory = this.#memory();
    memory.set(bytes, start);
    memory[start + bytes.length] = 0;
    return start;
  }

  /** All that the engine can reach: its memory, its meters and a clock that stands still. */
  #imports(): Readonly<Record<string, unknown>> {
    const meters = this.#meters;
    const unexpected = (name: string) => (): never => {
      throw new SandboxError('threw', `the job broke the engine: it called "${name}"`);
    };
    const clear = (start: number, bytes: number): number => {
      new Uint8Array(meters.memory.buffer, start, bytes).fill(0);
      return 0;
    };
    const imports: Record<keyof typeof IMPORTED, unknown> = {
      memory: meters.memory,
      abort: () => meters.onEmpty(),
      resizeHeap: (bytes: number) => {
        meters.onGrow(bytes >>> 0);
        return 1;
      },
      normalizeModule: () => this.#place(encoder.encode(NO_MODULE)),
      loadModuleSource: () => {
        this.#refuseImport();
        return 0;
      },
      dateNow: () => 0,
      localtime: (_time: bigint, start: number) => clear(start, TM_BYTES),
      tzset: () => {},
      environSizesGet: (count: number, size: number) => clear(count, 4) + clear(size, 4),
      environGet: () => 0,
      keepaliveClear: () => {},
      assertFail: unexpected('assert'),
      fdWrite: unexpected('fd_write'),
      fdClose: unexpected('fd_close'),
      fdSeek: unexpected('fd_seek'),
      procExit: unexpected('proc_exit'),
      setitimer: unexpected('setitimer'),
      shouldInterrupt: unexpected('interrupt'),
      callFunction: unexpected('callFunction'),
      freeHostRef: unexpected('freeHostRef'),
    };
    return Object.fromEntries(
      Object.entries(IMPORTED).map(([name, letter]) => [letter, imports[name as keyof typeof IMPORTED]]),
    );
  }
}

/** What code in the engine gave, or threw. */
export type Outcome = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly value: Value };
