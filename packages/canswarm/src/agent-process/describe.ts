import { Worker } from 'node:worker_threads';
import { type AgentManifest, readManifest } from '@canswarm/agent';
import type { CodeSnapshot } from '../skills/code-snapshot.ts';

/** How long an agent's code may take to be loaded, ms. */
const LOAD_MS = 30_000;

/** An agent as its code says it, and that code; null: it has no file. */
export interface DescribedAgent {
  readonly manifest: AgentManifest;
  readonly code: CodeSnapshot | null;
}

/** What the thread says: a manifest, or why there is none. */
export type Described = ({ readonly ok: true } & DescribedAgent) | { readonly ok: false; readonly message: string };

const entry = new URL(
  import.meta.url.endsWith('.ts') ? './describe-thread.ts' : './describe-thread.js',
  import.meta.url,
);

/**
 * What an engine's agent says of itself, from its code as it is now: loaded in a thread of its own, so that nothing of an older version
 * is met and code that hangs or crashes does so there. Rejects with an Error that says what is wrong.
 */
export function describe(engine: string): Promise<DescribedAgent> {
  const worker = new Worker(entry, { workerData: { engine }, execArgv: [], stdout: true, stderr: true });
  worker.stdout.on('data', (chunk) => process.stderr.write(chunk));
  worker.stderr.on('data', (chunk) => process.stderr.write(chunk));
  const made = Promise.withResolvers<DescribedAgent>();
  const late = `it was not loaded within ${LOAD_MS / 1_000} s; if nothing at its top level takes long, the machine is busy: try again`;
  const timer = setTimeout(() => made.reject(new Error(late)), LOAD_MS);
  worker.on('message', (said: Described) => {
    if (!said.ok) return made.reject(new Error(said.message));
    const read = readManifest(said.manifest);
    if (read.ok) made.resolve({ manifest: read.manifest, code: said.code });
    else made.reject(new Error(`${read.path} ${read.reason}`));
  });
  worker.on('error', (error: unknown) => made.reject(error));
  worker.on('exit', () => made.reject(new Error('it ended while it was loaded')));
  return made.promise.finally(async () => {
    clearTimeout(timer);
    await worker.terminate();
  });
}
