import {
  assertPolicyProgram,
  type LoadedPolicy,
  type PolicyEngine,
  PolicyError,
  type PolicyProgram,
} from '@canswarm/ports';
import type { PolicyDecision } from '@canswarm/protocol';
import { type PolicyThread, startPolicyThread } from './policy-thread.ts';

export interface OpaEngineOptions {
  /** Ends a thread that loads or evaluates one policy for longer, with what waits in it. No policy within its gas takes that. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 60_000;

const closed = (): PolicyError => new PolicyError('closed', 'the engine is closed');

/**
 * Policies of anybody in a thread beside: however long one takes, whoever asks goes on meanwhile. A thread that died is started anew,
 * and loads its policies again.
 */
export function opaEngine({ deadlineMs = DEADLINE_MS }: OpaEngineOptions = {}): PolicyEngine {
  let thread: PolicyThread | null = null;
  let isClosed = false;
  let last = 0;

  const living = (): PolicyThread => {
    if (isClosed) throw closed();
    if (thread?.isAlive() !== true) thread = startPolicyThread(deadlineMs);
    return thread;
  };

  return {
    async load(program) {
      assertPolicyProgram(program);
      last += 1;
      const loaded = new ThreadPolicy(last, { ...program, wasm: program.wasm.slice() }, living);
      await loaded.load();
      return loaded;
    },
    async close() {
      isClosed = true;
      await thread?.stop(closed());
    },
  };
}

class ThreadPolicy implements LoadedPolicy {
  readonly #number: number;
  readonly #program: PolicyProgram;
  readonly #living: () => PolicyThread;
  /** The thread that has it, or loads it. */
  #home: { readonly thread: PolicyThread; readonly loaded: Promise<void> } | null = null;
  #closed = false;

  constructor(number: number, program: PolicyProgram, living: () => PolicyThread) {
    this.#number = number;
    this.#program = program;
    this.#living = living;
  }

  /** Loads it where it is not. */
  async load(): Promise<PolicyThread> {
    if (this.#closed) throw closed();
    const thread = this.#living();
    if (this.#home?.thread !== thread) this.#home = { thread, loaded: thread.load(this.#number, this.#program) };
    const home = this.#home;
    try {
      await home.loaded;
    } catch (error) {
      if (this.#home === home) this.#home = null;
      throw error;
    }
    if (this.#closed) throw closed();
    return thread;
  }

  async evaluate(input: Uint8Array): Promise<PolicyDecision> {
    const own = input.slice();
    const thread = await this.load();
    return thread.evaluate(this.#number, own);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const home = this.#home;
    this.#home = null;
    // Not before it is loaded: the thread would have it for good.
    home?.loaded.then(
      () => home.thread.unload(this.#number),
      () => undefined,
    );
  }
}
