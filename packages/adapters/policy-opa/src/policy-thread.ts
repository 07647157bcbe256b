import { Worker } from 'node:worker_threads';
import { PolicyError, type PolicyProgram } from '@canswarm/ports';
import type { PolicyDecision } from '@canswarm/protocol';
import type { FromThread, ToThread } from './thread-messages.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/** Of a thread's own JavaScript; what policies hold is counted beside. */
const HEAP_MB_MAX = 256;

/** A thread that evaluates policies one after another. */
export interface PolicyThread {
  load(policy: number, program: PolicyProgram): Promise<void>;
  evaluate(policy: number, input: Uint8Array): Promise<PolicyDecision>;
  unload(policy: number): void;
  /** Ends the thread: what waits is rejected with this. */
  stop(reason: PolicyError): Promise<void>;
  isAlive(): boolean;
}

interface Waiting {
  readonly settled: PromiseWithResolvers<PolicyDecision | null>;
  readonly timer: NodeJS.Timeout;
}

/** Starts a thread in which everything asked for takes at most so long. One that takes longer ends the thread. */
export function startPolicyThread(deadlineMs: number): PolicyThread {
  const worker = new Worker(entry, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX } });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let alive = true;
  worker.unref();

  const stop = async (reason: PolicyError): Promise<void> => {
    alive = false;
    for (const { settled, timer } of waiting.values()) {
      clearTimeout(timer);
      settled.reject(reason);
    }
    waiting.clear();
    await worker.terminate();
  };

  const ask = (message: (id: number) => ToThread): Promise<PolicyDecision | null> => {
    last += 1;
    const id = last;
    const settled = Promise.withResolvers<PolicyDecision | null>();
    const late = new PolicyError('deadline', `the policy's thread was not done in ${deadlineMs} ms`);
    waiting.set(id, { settled, timer: setTimeout(() => void stop(late), deadlineMs) });
    worker.ref();
    worker.postMessage(message(id));
    return settled.promise;
  };

  worker.on('message', (message: FromThread) => {
    const one = waiting.get(message.id);
    if (one === undefined) return;
    waiting.delete(message.id);
    clearTimeout(one.timer);
    if (waiting.size === 0) worker.unref();
    if (message.kind === 'refused') one.settled.reject(new PolicyError(message.code, message.message));
    else one.settled.resolve(message.kind === 'decided' ? message.decision : null);
  });
  const died = (why: string): void => {
    if (alive) void stop(new PolicyError('deadline', `the policy's thread died: ${why}`));
  };
  worker.on('error', (error: unknown) => died(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => died(`exit code ${code}`));

  return {
    async load(policy, program) {
      await ask((id) => ({ kind: 'load', id, policy, program }));
    },
    async evaluate(policy, input) {
      const decision = await ask((id) => ({ kind: 'evaluate', id, policy, input }));
      if (decision === null) throw new Error('an evaluation gives a decision');
      return decision;
    },
    unload(policy) {
      if (alive) worker.postMessage({ kind: 'unload', policy } satisfies ToThread);
    },
    stop,
    isAlive: () => alive,
  };
}
