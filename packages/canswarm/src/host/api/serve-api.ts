import { chmodSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { isIPv6 } from 'node:net';
import { loadTable } from '@canswarm/api';
import type { SettingValues } from '../../home/config/settings.ts';
import type { Logger } from '../../home/log/logger.ts';
import { HostError } from '../host-error.ts';
import type { HostParts } from '../run-host.ts';
import { apiHandlers } from './handlers.ts';
import { apiApp } from './http/app.ts';
import { type Door, socketDoor, tcpDoor } from './http/door.ts';
import { closeServer, httpServer, listen } from './http/listen.ts';
import { Rate, type RateLimit } from './http/rate.ts';
import { problemOf } from './problem-of.ts';
import { apiToken } from './token.ts';

/** Longest path of a socket, bytes. */
const PATH_BYTES_MAX = 104;

/** Limits that tests make smaller. */
export interface ApiLimits {
  readonly rate: RateLimit;
  /** How often something is said on a stream on which nothing happens, ms. */
  readonly keepAliveMs: number;
  /** How long a connection may take nothing of what is due to it, ms. */
  readonly stallMs: number;
  /** How long headers may take to arrive, and any request at most; operations have shorter times of their own, ms. */
  readonly headersMs: number;
  readonly arrivalMs: number;
}

const LIMITS: ApiLimits = {
  rate: { burst: 200, perSecond: 100 },
  keepAliveMs: 15_000,
  stallMs: 30_000,
  headersMs: 10_000,
  arrivalMs: 310_000,
};

export interface ServeOptions {
  readonly parts: HostParts;
  readonly settings: Pick<SettingValues, 'api.port' | 'api.address' | 'api.expose'>;
  readonly logger: Logger;
  /** Told when a request asks the node to end. */
  readonly onStop: () => void;
  readonly limits?: Partial<ApiLimits>;
  /** Whether answers are checked against their schemas too. For tests. */
  readonly checksAnswers?: boolean;
}

export interface ServedApi {
  /** Where it is reached over TCP; null when it is not. */
  readonly address: string | null;
  close(): Promise<void>;
}

/**
 * Opens the doors of a node's API: the socket in its folder, where whoever can open it is the owner, and when the settings say
 * so TCP, with a token. Rejects with a HostError or HomeError when one cannot be opened.
 */
export async function serveApi(options: ServeOptions): Promise<ServedApi> {
  const { parts, settings, limits } = options;
  const at: { address: string | null } = { address: null };
  const handlers = apiHandlers({ parts, address: () => at.address, onStop: options.onStop });
  const table = await loadTable();
  const { rate, keepAliveMs, stallMs, headersMs, arrivalMs } = { ...LIMITS, ...limits };
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.splice(0).map(closeServer));
  };
  const open = (door: Door): Server => {
    const onDefect = (operation: string, error: unknown): void =>
      options.logger.error('a request met a defect', {
        operation,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    const { checksAnswers = false } = options;
    const kept = { table, handlers, door, rate: new Rate(rate), keepAliveMs, arrivalMs };
    const app = apiApp({ ...kept, problemOf, onDefect, checksAnswers });
    const server = httpServer({ fetch: app.fetch, onDefect, stallMs, headersMs, arrivalMs });
    servers.push(server);
    return server;
  };
  try {
    await openSocket(open(socketDoor), parts.folder.controlPath);
    if (settings['api.port'] !== 0) at.address = await openTcp(open, parts.folder.tokenPath, settings);
  } catch (error) {
    await close();
    throw error;
  }
  return { address: at.address, close };
}

async function openSocket(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) {
    throw new HostError(
      'usage',
      `the path ${path} is too long for a socket`,
      'Choose a home with a shorter path: --home FOLDER',
    );
  }
  if (statSync(path, { throwIfNoEntry: false })?.isSocket() === true) rmSync(path, { force: true });
  await listen(server, { path });
  chmodSync(path, 0o600);
}

async function openTcp(
  open: (door: Door) => Server,
  tokenPath: string,
  settings: ServeOptions['settings'],
): Promise<string> {
  const [host, port] = [settings['api.address'], settings['api.port']];
  if (!isLoopback(host) && !settings['api.expose']) {
    throw new HostError(
      'usage',
      `api.address ${host} is reached from other machines`,
      'The token would pass in the clear. Leave it at 127.0.0.1 with a proxy before it, or say that you mean it: --api-expose on',
    );
  }
  const shown = `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  await listen(open(tcpDoor(apiToken(tokenPath))), { host, port }).catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new HostError('usage', `the API cannot listen at ${shown} (${why})`, 'Choose another: --api-port N', {
      cause: error,
    });
  });
  return shown;
}

const isLoopback = (host: string): boolean => host === '::1' || /^127\./.test(host);
