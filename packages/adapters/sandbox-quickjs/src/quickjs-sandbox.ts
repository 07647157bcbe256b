import { assertSandboxRun, jsonText, type Sandbox, SandboxError } from '@canswarm/ports';
import { begin, runJob } from './run-job.ts';

/**
 * A sandbox for JavaScript of strangers: QuickJS in WebAssembly, metered, a new one for each job.
 *
 * `run` does the whole job before it gives its promise back, in the thread that calls it. Call it from a worker thread with at least
 * a megabyte of stack.
 */
export function quickjsSandbox(): Sandbox {
  begin();
  let closed = false;
  return {
    async run(job, limits) {
      assertSandboxRun(job, limits);
      const argument = jsonText(job.argument);
      if (closed) throw new SandboxError('closed', 'the sandbox is closed');
      return runJob(job, argument, limits);
    },
    async close() {
      closed = true;
    },
  };
}
