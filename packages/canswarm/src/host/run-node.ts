import { mkdirSync } from 'node:fs';
import type { ServedApi } from './api/serve-api.ts';
import { HostError } from './host-error.ts';
import { encodeInvitation } from './invitation.ts';
import { NodeClient } from './node-client.ts';
import { type Host, type HostOptions, startHost } from './run-host.ts';

export interface RunNodeOptions extends Omit<HostOptions, 'onFailure'> {
  /** Ends the node. */
  readonly signal: AbortSignal;
  /** Called once the node runs and answers commands. */
  readonly onReady: (ready: ReadyNode) => void;
}

/** What whoever started a node is told. */
export interface ReadyNode {
  readonly node: string;
  readonly org: string;
  readonly network: string;
  readonly pid: number;
  readonly addresses: readonly string[];
  /** The HTTP API over TCP and the file with its token; null where it is only reached by the socket. */
  readonly api: { readonly address: string; readonly token: string } | null;
  /** A word with which another organisation joins; null where this node cannot invite. */
  readonly invitation: string | null;
  readonly agents: readonly { readonly name: string; readonly did: string }[];
}

/**
 * Runs a node until it is told to stop, by the signal or a command; resolves when everything is closed. Rejects with a
 * HostError, HomeError or StorageError when it cannot start, or when the node stops because its store or log fails.
 */
export async function runNode({ signal, onReady, ...options }: RunNodeOptions): Promise<void> {
  const { folder, logger } = options;
  if (await new NodeClient(folder).runs()) {
    throw new HostError('node_running', `the node "${folder.name}" runs already`, 'See it with: canswarm status');
  }
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
  const ended = Promise.withResolvers<void>();
  const host = await startHost({ ...options, onFailure: (error) => ended.reject(failed(error)) });
  const stop = (): void => ended.resolve();
  try {
    // Loaded here: most of who loads this runs no node.
    const { serveApi } = await import('./api/serve-api.ts');
    const api = await serveApi({ parts: host, settings: options.settings, logger, onStop: stop });
    try {
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      onReady(readyOf(host, api));
      await ended.promise;
    } finally {
      signal.removeEventListener('abort', stop);
      await api.close();
    }
  } finally {
    await host.stop();
    logger.info('the node stopped', { node: folder.name });
  }
}

function readyOf({ file, desk, transport, folder }: Host, { address }: ServedApi): ReadyNode {
  const { addresses } = transport.status();
  const { network, log, name, org } = file;
  const word = desk === null ? null : { network, name: folder.network.name, addresses, log, token: desk.invite() };
  return {
    node: name,
    org,
    network,
    pid: process.pid,
    addresses,
    api: address === null ? null : { address, token: folder.tokenPath },
    invitation: word === null ? null : encodeInvitation(word),
    agents: file.agents.map((agent) => ({ name: agent.name, did: agent.did })),
  };
}

function failed(error: unknown): HostError {
  const what = error instanceof Error ? error.message : String(error);
  const hint =
    'Nothing that was agreed is lost: it is in the log. Remove the cause and start the node again: canswarm up';
  return new HostError('node_failed', `the node stopped: ${what}`, hint, { cause: error });
}
