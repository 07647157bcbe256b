import { existsSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { PeerReach } from '@canswarm/libp2p';
import { HostError, type HostErrorCode } from '../host-error.ts';
import type { NodeFolder } from '../network-folder.ts';
import type {
  ControlFailure,
  NeedLine,
  NeedRecord,
  NodeStatus,
  PostedNeed,
  PostNeed,
  WriteResult,
  WrittenResult,
} from './api.ts';

/** How long a node may take to begin an answer, ms; publishing a large folder takes long. */
const ANSWER_MS = 10_000;
const LONG_MS = 300_000;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** Speaks to the running node of a folder. Every method rejects with a HostError. */
export class NodeClient {
  readonly #folder: NodeFolder;

  constructor(folder: NodeFolder) {
    this.#folder = folder;
  }

  get name(): string {
    return this.#folder.name;
  }

  /** Whether a node answers. */
  async runs(): Promise<boolean> {
    if (!existsSync(this.#folder.controlPath)) return false;
    return this.status().then(
      () => true,
      (error: unknown) => !(error instanceof HostError && error.code === 'node_not_running'),
    );
  }

  status(): Promise<NodeStatus> {
    return this.#call('GET', '/v1/status');
  }

  /** Whether the peers it is connected with answer it. */
  reach(): Promise<readonly PeerReach[]> {
    return this.#call('GET', '/v1/reach');
  }

  needs(): Promise<readonly NeedRecord[]> {
    return this.#call('GET', '/v1/needs');
  }

  post(need: PostNeed): Promise<PostedNeed> {
    return this.#call('POST', '/v1/needs', need, LONG_MS);
  }

  cancel(id: string): Promise<{ readonly needId: string }> {
    return this.#call('POST', `/v1/needs/${encodeURIComponent(id)}/cancel`, {});
  }

  result(id: string, write: WriteResult): Promise<WrittenResult> {
    return this.#call('POST', `/v1/needs/${encodeURIComponent(id)}/result`, write, LONG_MS);
  }

  invite(): Promise<{ readonly invitation: string }> {
    return this.#call('POST', '/v1/invitations', {});
  }

  stop(): Promise<unknown> {
    return this.#call('POST', '/v1/stop', {});
  }

  /** The story of a need: what was, then what happens, until it is settled or `signal` is aborted. */
  async *events(id: string, signal: AbortSignal): AsyncGenerator<NeedLine> {
    const response = await this.#send('GET', `/v1/needs/${encodeURIComponent(id)}/events`, undefined, signal);
    if (response.statusCode !== 200) throw failureOf(await textOf(response));
    let rest = '';
    try {
      for await (const chunk of response) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) yield JSON.parse(line) as NeedLine;
      }
    } catch (error) {
      if (signal.aborted) return;
      throw new HostError('node_not_running', `the node "${this.name}" went away`, 'Start it again with: canswarm up', {
        cause: error,
      });
    }
  }

  async #call<T>(method: string, path: string, body?: object, ms = ANSWER_MS): Promise<T> {
    const response = await this.#send(method, path, body, AbortSignal.timeout(ms));
    const text = await textOf(response);
    if (response.statusCode !== 200) throw failureOf(text);
    return JSON.parse(text) as T;
  }

  #send(method: string, path: string, body: object | undefined, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      // No connection is kept: the process at its other end may be another by the next call.
      const options = { socketPath: this.#folder.controlPath, method, path, signal, agent: false };
      const call = httpRequest(options, (response) => {
        response.setEncoding('utf8');
        resolve(response);
      });
      call.once('error', (error: NodeJS.ErrnoException) => reject(this.#unreachable(error)));
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  #unreachable(error: NodeJS.ErrnoException): HostError {
    const absent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
    const what = absent
      ? `the node "${this.name}" does not run`
      : `the node "${this.name}" does not answer (${error.code ?? error.message})`;
    const hint = absent ? 'Start it with: canswarm up' : 'Look at its log: canswarm logs';
    return new HostError('node_not_running', what, hint, { cause: error });
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > ANSWER_BYTES_MAX) throw new HostError('node_failed', 'the node answers too much', '');
  }
  return text;
}

function failureOf(text: string): HostError {
  try {
    const { code, message, hint } = JSON.parse(text) as ControlFailure;
    return new HostError(code as HostErrorCode, message, hint);
  } catch {
    return new HostError('node_failed', 'the node answers nonsense', 'Is it the same version of canswarm?');
  }
}
