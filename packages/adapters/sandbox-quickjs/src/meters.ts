import { SandboxError, type SandboxLimits } from '@canswarm/ports';
import { type Global, type Memory, webAssembly } from '@canswarm/wasm';
import { ENGINE_PAGES, ENGINE_PAGES_MAX } from './abi.ts';

/**
 * How deep the engine may call itself, in bytes as the stack's meter weighs frames. V8 needs at most some 6 % more than the meter
 * says, and gives a thread at least 984 KB.
 */
const STACK_BYTES = 655_360;
/** Fuel handed out at a time: the clock is looked at each time. */
const SLICE = 1_048_576;
const PAGE_BYTES = 65_536;

/**
 * What one engine may still use. Whatever runs out ends the job by an exception that no code in the engine can catch and that leaves
 * the engine in no state to go on: whoever catches it throws the engine away.
 */
export class Meters {
  readonly memory: Memory;
  readonly #endMs: number;
  #fuel: Global | undefined;
  #stack: Global | undefined;
  #left = Number.MAX_SAFE_INTEGER;
  #pagesMax = ENGINE_PAGES_MAX;

  constructor(deadlineMs: number) {
    this.#endMs = performance.now() + deadlineMs;
    this.memory = attempt(() => new webAssembly.Memory({ initial: ENGINE_PAGES, maximum: ENGINE_PAGES_MAX }));
  }

  /** Takes over the meters that the engine has in it. Until `limit` there is no end to fuel and memory. */
  connect(fuel: Global, stack: Global): void {
    this.#fuel = fuel;
    this.#stack = stack;
    stack.value = STACK_BYTES;
    fuel.value = 0;
  }

  /** From here on the job pays. What memory is in use is not counted. */
  limit({ fuel, memoryBytes }: SandboxLimits): void {
    if (this.#fuel !== undefined) this.#fuel.value = 0;
    this.#left = fuel;
    this.#pagesMax = Math.min(ENGINE_PAGES_MAX, this.#pages() + Math.ceil(memoryBytes / PAGE_BYTES));
  }

  /** The engine calls this when fuel or stack has fallen below zero, and when it gives up on itself. */
  onEmpty(): void {
    if (this.#fuel === undefined || this.#stack === undefined) throw new Error('the engine has no meters yet');
    if (this.#stack.value < 0) throw new SandboxError('memory', 'functions called each other too deep');
    const debt = -this.#fuel.value;
    if (debt <= 0) throw new SandboxError('threw', 'the job broke the engine: it gave up');
    if (debt > this.#left) throw new SandboxError('fuel', 'the job used all its fuel');
    if (performance.now() > this.#endMs) throw new SandboxError('deadline', 'the job was not done in time');
    const grant = Math.min(SLICE, this.#left - debt);
    this.#left -= debt + grant;
    this.#fuel.value = grant;
  }

  /** The engine asks for memory of so many bytes in all. */
  onGrow(bytes: number): void {
    const pages = Math.ceil(bytes / PAGE_BYTES);
    if (pages > this.#pagesMax) throw new SandboxError('memory', 'the job wanted more memory than it was given');
    attempt(() => this.memory.grow(Math.max(0, pages - this.#pages())));
  }

  #pages(): number {
    return this.memory.buffer.byteLength / PAGE_BYTES;
  }
}

/** What only fails when the machine has no memory left. */
function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new SandboxError('deadline', 'this machine has no memory left for the job', { cause });
  }
}
