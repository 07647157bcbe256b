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
  readonly id: number;
  readonly message: ToThread;
  readonly settled: PromiseWithResolvers<PolicyDecision | null>;
}

/**
 * Starts a thread in which everything asked for takes at most so long, from when it is its turn. One that takes longer ends the thread, with
 * what waits for it.
 */
export function startPolicyThread(deadlineMs: number): PolicyThread {
  const worker = new Worker(entry, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX } });
  /** The first has its turn. */
  const waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let last = 0;
  let alive = true;
  let isReady = false;
  worker.unref();

  const stop = async (reason: PolicyError): Promise<void> => {
    alive = false;
    clearTimeout(timer);
    for (const { settled } of waiting.splice(0)) settled.reject(reason);
    await worker.terminate();
  };

  const begin = (): void => {
    const [first] = waiting;
    if (first === undefined) return worker.unref();
    const late = new PolicyError('deadline', `the policy's thread was not done in ${deadlineMs} ms`);
    timer = setTimeout(() => void stop(late), deadlineMs);
    worker.postMessage(first.message);
  };

  const ask = async (message: (id: number) => ToThread): Promise<PolicyDecision | null> => {
    if (!alive) throw new PolicyError('deadline', "the policy's thread has ended");
    last += 1;
    const settled = Promise.withResolvers<PolicyDecision | null>();
    waiting.push({ id: last, message: message(last), settled });
    worker.ref();
    if (isReady && waiting.length === 1) begin();
    return settled.promise;
  };

  worker.on('message', (message: FromThread) => {
    if (message.kind === 'ready') {
      isReady = true;
      return begin();
    }
    if (waiting[0]?.id !== message.id) return;
    clearTimeout(timer);
    const { settled } = waiting.shift() as Waiting;
    begin();
    if (message.kind === 'refused') settled.reject(new PolicyError(message.code, message.message));
    else settled.resolve(message.kind === 'decided' ? message.decision : null);
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
