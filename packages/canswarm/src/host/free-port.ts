import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { HostError } from './host-error.ts';

/**
 * Ports from here to before `END` are neither claimed by the usual services nor dealt out by systems to connections that they open, so a
 * node that was down finds its own free again.
 */
const FIRST = 10_000;
const END = 32_768;
const TRIES_MAX = 1_000;

/**
 * A TCP port of this machine on which nobody listens now and that is not in `taken`, to which it is added. Throws HostError
 * `cannot_listen` where none is found.
 */
export async function freePort(taken: Set<number>): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(FIRST, END);
    if (taken.has(port)) continue;
    taken.add(port);
    if (await isFree(port)) return port;
  }
  throw new HostError(
    'cannot_listen',
    `no free TCP port from ${FIRST} to ${END - 1}`,
    'End some of what listens there.',
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
