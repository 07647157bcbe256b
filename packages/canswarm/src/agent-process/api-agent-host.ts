import type { AgentManifest } from '@canswarm/agent';
import { type ApiClient, ApiError, bytesOf } from '@canswarm/api';
import { writeCar } from '@canswarm/content-fs';
import { ContentError, type ContentGetOptions, type Progress, type SkillLine } from '@canswarm/ports';
import { type Block, type Cid, cidOf, codecOf, parseCid, parseDid, type Sha256 } from '@canswarm/protocol';
import type { AgentHost, AttachedAgent, AttachRequest, JobOutcome, SessionEvent } from '../host/attach/agent-host.ts';
import { HostError } from '../host/host-error.ts';

/** Longest that a node is asked to look for a block, ms. */
const DEADLINE_MS_MAX = 60_000;
const MESSAGE_CHARS_MAX = 16_384;

/** What a running node does for an agent's process, over its API. */
export class ApiAgentHost implements AgentHost {
  readonly #client: ApiClient;
  readonly #sha256: Sha256;

  constructor(client: ApiClient, sha256: Sha256) {
    this.#client = client;
    this.#sha256 = sha256;
  }

  attach({ manifest, credits, stake }: AttachRequest): Promise<AttachedAgent> {
    return asked(async () => {
      const { did, network, ...agent } = await this.#client.attachAgent({
        body: { manifest: { ...manifest }, credits, stake },
      });
      const [key, id] = [parseDid(did), parseCid(network)];
      if (key === undefined || id === undefined) throw new TypeError('the node names no key or network');
      return { ...agent, did: key, network: id };
    });
  }

  async update(session: string, manifest: AgentManifest): Promise<void> {
    await asked(() => this.#client.updateAgent({ session, body: { manifest: { ...manifest } } }));
  }

  async *events(session: string, signal: AbortSignal): AsyncGenerator<SessionEvent> {
    try {
      for await (const { type, data } of this.#client.sessionEvents({ session }, { signal })) {
        // Jobs and events are the node's own, told as they are.
        yield { type, ...data } as unknown as SessionEvent;
      }
    } catch (error) {
      if (!signal.aborted) throw hostError(error);
    }
  }

  async progress(session: string, id: string, body: Progress): Promise<void> {
    await asked(() => this.#client.jobProgress({ session, id, body }));
  }

  async line(session: string, id: string, body: SkillLine): Promise<void> {
    await asked(() => this.#client.jobLine({ session, id, body }));
  }

  async settle(session: string, id: string, outcome: JobOutcome): Promise<void> {
    const body = outcome.ok
      ? { result: outcome.result, failure: null }
      : { result: null, failure: { code: outcome.code, message: outcome.message.slice(0, MESSAGE_CHARS_MAX) } };
    await asked(() => this.#client.settleJob({ session, id, body }));
  }

  async getBlock(cid: Cid, { deadlineMs, maxBytes }: ContentGetOptions): Promise<Uint8Array> {
    try {
      const wait = Math.min(deadlineMs, DEADLINE_MS_MAX);
      const bytes = await bytesOf(await this.#client.getBlock({ cid, deadlineMs: wait }), maxBytes);
      if (cidOf(bytes, codecOf(cid), this.#sha256) === cid) return bytes;
      throw new ContentError('corrupt', cid, `the node gave another block than ${cid}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const code = error.code === 'deadline' || error.code === 'late' ? 'deadline' : 'not_found';
      throw new ContentError(code, cid, error.message, { cause: error });
    }
  }

  async putBlocks(blocks: readonly Block[]): Promise<void> {
    const [first] = blocks;
    if (first !== undefined) await asked(() => this.#client.putBlocks({ body: writeCar([first.cid], blocks) }));
  }
}

async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw hostError(error);
  }
}

function hostError(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const code =
    error.code === 'unreachable' || error.code === 'late'
      ? 'node_not_running'
      : error.code === 'agent_attached' || error.code === 'not_found'
        ? error.code
        : 'refused';
  return new HostError(code, error.message, error.hint, { cause: error });
}
