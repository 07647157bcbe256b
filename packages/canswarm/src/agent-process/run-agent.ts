import { fileURLToPath } from 'node:url';
import type { AgentManifest } from '@canswarm/agent';
import type { KernelEvent } from '@canswarm/kernel';
import { type Progress, SkillError, type SkillJob, type SkillLine } from '@canswarm/ports';
import type { Micro, NeedId } from '@canswarm/protocol';
import type { AgentHost, AttachedAgent, JobFailureCode, JobOutcome, SessionEvent } from '../host/attach/agent-host.ts';
import { JOB_FAILURE_CODES } from '../host/attach/agent-host.ts';
import { HostError } from '../host/host-error.ts';
import { CodeWatch } from './code-watch.ts';
import { type DescribedAgent, describe } from './describe.ts';
import { Workshop } from './workshop.ts';

/** What an agent's process tells its owner. */
export type AgentTold =
  | { readonly type: 'attached'; readonly agent: AttachedAgent; readonly manifest: AgentManifest }
  | { readonly type: 'away'; readonly why: string }
  | { readonly type: 'started'; readonly need: NeedId; readonly job: SkillJob }
  | { readonly type: 'progress'; readonly need: NeedId; readonly progress: Progress }
  | { readonly type: 'line'; readonly need: NeedId; readonly line: SkillLine }
  | { readonly type: 'done'; readonly need: NeedId; readonly job: SkillJob; readonly ms: number }
  | { readonly type: 'failed'; readonly need: NeedId; readonly job: SkillJob; readonly why: string }
  | { readonly type: 'news'; readonly need: NeedId | null; readonly event: KernelEvent }
  | { readonly type: 'reloaded'; readonly manifest: AgentManifest }
  /** A save that cannot be used: the code before it goes on. */
  | { readonly type: 'broken'; readonly why: string };

export interface RunAgentOptions {
  readonly host: AgentHost;
  /** `file:` URL of the agent's file, or a `program:` engine. */
  readonly engine: string;
  /** Whether saved changes are taken up. */
  readonly watches: boolean;
  readonly credits: Micro | null;
  readonly stake: Micro | null;
  /** Jobs at once. */
  readonly threads: number;
  /** Ends the process's work; what is under way is given back. */
  readonly signal: AbortSignal;
  readonly onTold: (told: AgentTold) => void;
}

/** How long a node that went away is left alone before it is asked again, ms. */
const AGAIN_MS = 2_000;

/**
 * Runs an agent's process: attaches to a node and does the work that it hands out, until the signal. A node that goes away is awaited.
 * Rejects with a HostError when the node will not take the agent, or with what is wrong with the agent's code.
 */
export async function runAgent(options: RunAgentOptions): Promise<void> {
  const shop = await Shop.open(options);
  try {
    let isFirst = true;
    while (!options.signal.aborted) {
      const attached = await attach(shop, options, isFirst);
      isFirst = false;
      if (attached === null) continue;
      options.onTold({ type: 'attached', agent: attached, manifest: shop.manifest });
      const why = await serve(shop, attached, options);
      if (options.signal.aborted) return;
      options.onTold({ type: 'away', why });
      await pause(options.signal);
    }
  } finally {
    await shop.close();
  }
}

/** Null: not now, later. */
async function attach(
  { manifest }: Shop,
  { host, credits, stake, signal, onTold }: RunAgentOptions,
  isFirst: boolean,
): Promise<AttachedAgent | null> {
  try {
    return await host.attach({ manifest, credits, stake });
  } catch (error) {
    if (isFirst || !(error instanceof HostError)) throw error;
    onTold({ type: 'away', why: error.message });
    await pause(signal);
    return null;
  }
}

/** Works until the session ends; gives why. */
async function serve(shop: Shop, { session }: AttachedAgent, options: RunAgentOptions): Promise<string> {
  const { host, signal, onTold } = options;
  const jobs = new Map<string, AbortController>();
  const gone = new AbortController();
  const stop = (): void => gone.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  shop.session = session;
  try {
    for await (const event of host.events(session, gone.signal)) {
      if (event.type === 'news') onTold(event);
      else if (event.type === 'withdraw') jobs.get(event.id)?.abort();
      else {
        const abort = new AbortController();
        jobs.set(event.id, abort);
        void work(shop, session, event, abort.signal, options).finally(() => jobs.delete(event.id));
      }
    }
    return 'the node ended the session';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    shop.session = null;
    signal.removeEventListener('abort', stop);
    gone.abort();
    for (const abort of jobs.values()) abort.abort();
  }
}

type JobEvent = Extract<SessionEvent, { type: 'job' }>;

/** Does one job and says how it ended. Never rejects: a node that is not there to hear has given the job up. */
async function work(
  shop: Shop,
  session: string,
  { id, job, deadlineMs }: JobEvent,
  signal: AbortSignal,
  { host, onTold }: RunAgentOptions,
): Promise<void> {
  const { need } = job.task;
  const startedAt = Date.now();
  onTold({ type: 'started', need, job });
  const say = inTurn();
  const onProgress = (progress: Progress): void => {
    onTold({ type: 'progress', need, progress });
    say(() => host.progress(session, id, progress));
  };
  const onLine = (line: SkillLine): void => onTold({ type: 'line', need, line });
  let outcome: JobOutcome;
  try {
    outcome = { ok: true, result: await shop.current.run(job, { signal, deadlineMs, onProgress, onLine }) };
    onTold({ type: 'done', need, job, ms: Date.now() - startedAt });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    outcome = { ok: false, code: failureCode(error), message };
    onTold({ type: 'failed', need, job, why: message });
  }
  await say(() => host.settle(session, id, outcome));
}

function failureCode(error: unknown): JobFailureCode {
  if (!(error instanceof SkillError)) return 'threw';
  return JOB_FAILURE_CODES.find((code) => code === error.code) ?? 'died';
}

/** Things said one after the other; what waits is replaced by what is newer. What fails was only said. */
function inTurn(): (say: () => Promise<void>) => Promise<void> {
  let next: (() => Promise<void>) | null = null;
  let saying: Promise<void> | null = null;
  const sayAll = async (): Promise<void> => {
    while (next !== null) {
      const say = next;
      next = null;
      await say().catch(() => undefined);
    }
    saying = null;
  };
  return (say) => {
    next = say;
    saying ??= sayAll();
    return saying;
  };
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, AGAIN_MS);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

/** The agent's code as it is now: described, with threads to run it; taken up anew when it is saved. */
class Shop {
  readonly #options: RunAgentOptions;
  current: Workshop;
  manifest: AgentManifest;
  /** The session under way, which is told of changes. */
  session: string | null = null;
  /** Versions whose last jobs are under way. */
  readonly #old = new Set<Workshop>();
  readonly #watch: CodeWatch | null;
  #taking: Promise<void> = Promise.resolve();

  private constructor(options: RunAgentOptions, { manifest, code }: DescribedAgent, current: Workshop) {
    this.#options = options;
    this.manifest = manifest;
    this.current = current;
    const onSave = (): void => {
      this.#taking = this.#taking.then(() => this.#takeUp());
    };
    const onLost = ({ message }: Error): void =>
      options.onTold({
        type: 'broken',
        why: `saves are not heard any more (${message}): start it again to take them up`,
      });
    this.#watch = options.watches ? new CodeWatch(fileURLToPath(options.engine), code, { onSave, onLost }) : null;
  }

  static async open(options: RunAgentOptions): Promise<Shop> {
    const described = await describe(options.engine).catch((cause: unknown) => {
      const what = cause instanceof Error ? cause.message : String(cause);
      throw new HostError('usage', `the agent cannot be loaded: ${what}`, 'Mend its definition.', { cause });
    });
    const workshop = await Workshop.open(options.engine, described.code, options.host, options.threads);
    return new Shop(options, described, workshop);
  }

  async close(): Promise<void> {
    this.#watch?.close();
    await this.#taking;
    await Promise.all([...this.#old, this.current].map((workshop) => workshop.close()));
  }

  /** Takes up what was saved: new jobs run in new threads, those under way end on the old. */
  async #takeUp(): Promise<void> {
    const { engine, host, threads, onTold, signal } = this.#options;
    if (signal.aborted) return;
    let workshop: Workshop | null = null;
    try {
      const { manifest, code } = await describe(engine);
      if (manifest.name !== this.manifest.name)
        throw new Error(`its name became "${manifest.name}": stop it and start it again for that`);
      workshop = await Workshop.open(engine, code, host, threads);
      if (this.session !== null) await host.update(this.session, manifest);
      const old = this.current;
      this.current = workshop;
      this.manifest = manifest;
      this.#old.add(old);
      void old.retire().finally(() => this.#old.delete(old));
      this.#watch?.loaded(code);
      onTold({ type: 'reloaded', manifest });
    } catch (error) {
      await workshop?.close();
      this.#watch?.broken();
      onTold({ type: 'broken', why: error instanceof Error ? error.message : String(error) });
    }
  }
}
