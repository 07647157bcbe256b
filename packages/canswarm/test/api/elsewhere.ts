import { loadTable } from '@canswarm/api';
import type { ApiHandlers } from '../../src/host/api/handler-types.ts';
import { apiApp } from '../../src/host/api/http/app.ts';
import { tcpDoor } from '../../src/host/api/http/door.ts';
import { closeServer, httpServer, listen } from '../../src/host/api/http/listen.ts';
import { Rate } from '../../src/host/api/http/rate.ts';
import { problemOf } from '../../src/host/api/problem-of.ts';
import type { ApiLimits } from '../../src/host/api/serve-api.ts';

export const TOKEN = 'the-token-of-a-server-that-is-no-node';

/** A server with handlers of a test. */
export interface Elsewhere {
  readonly address: string;
  /** Connections that are open now. */
  connections(): Promise<number>;
  /** Failures that nobody foresaw. */
  readonly defects: readonly unknown[];
  close(): Promise<void>;
}

/** Opens one. An operation without a handler fails. */
export async function openElsewhere(
  handlers: Partial<ApiHandlers>,
  limits: Partial<ApiLimits> = {},
  token = TOKEN,
): Promise<Elsewhere> {
  const table = await loadTable();
  const defects: unknown[] = [];
  const onDefect = (_: string, error: unknown): void => void defects.push(error);
  const fail = (): never => {
    throw new Error('the test has no handler for it');
  };
  const arrivalMs = limits.arrivalMs ?? 10_000;
  const { stallMs = 5_000, keepAliveMs = 5_000, headersMs = arrivalMs } = limits;
  const rate = new Rate(limits.rate ?? { burst: 100_000, perSecond: 100_000 });
  const all = { ...Object.fromEntries(table.OPERATION_IDS.map((id) => [id, fail])), ...handlers } as ApiHandlers;
  const app = apiApp({ table, handlers: all, door: tcpDoor(token), rate, problemOf, onDefect, keepAliveMs, arrivalMs });
  const server = httpServer({ fetch: app.fetch, onDefect, stallMs, headersMs, arrivalMs });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as { readonly port: number };
  return {
    address: `http://127.0.0.1:${port}`,
    defects,
    connections: () => new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
    close: () => closeServer(server),
  };
}
