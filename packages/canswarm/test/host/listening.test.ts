import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sodiumCrypto } from '@canswarm/local';
import { afterAll, expect, it } from 'vitest';
import { createLogger, openHome } from '../../src/home/index.ts';
import { foundNetwork } from '../../src/host/found-network.ts';
import { freePort } from '../../src/host/free-port.ts';
import { homeKeyRing } from '../../src/host/key-ring.ts';
import { NetworkFolder } from '../../src/host/network-folder.ts';
import { BRIEF_SKILL, startHost } from '../../src/host/run-host.ts';

const root = mkdtempSync(join(tmpdir(), 'canswarm-listening-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('a node whose port another process took says so, and starts at another', async () => {
  const home = openHome({ path: join(root, 'home'), env: {} });
  const folder = new NetworkFolder(home.path, 'local');
  const keys = homeKeyRing(home, async () => 'machine');
  await foundNetwork({
    folder,
    org: 'acme',
    nodes: 1,
    skill: BRIEF_SKILL,
    keys,
    crypto: sodiumCrypto(),
    now: Date.now(),
  });
  const node = folder.node('acme');
  const { port } = node.read();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  const logger = createLogger({
    level: 'error',
    format: 'text',
    sink: { write: () => true, close: () => undefined },
  });
  const start = (listenPort: number) => {
    const settings = { ...home.config.values, 'listen.port': listenPort };
    return startHost({ folder: node, keys, settings, logger, onFailure: () => undefined });
  };
  await expect(start(0)).rejects.toMatchObject({
    name: 'HostError',
    code: 'cannot_listen',
    message: `cannot listen at /ip4/127.0.0.1/tcp/${port}: something else listens there`,
    hint: expect.stringContaining('canswarm up --node acme --listen-port'),
  });
  const moved = await freePort(new Set([port]));
  const host = await start(moved);
  expect(host.transport.status().addresses[0]).toContain(`/tcp/${moved}/`);
  await host.stop();
  other.close();
  keys.close();
});

it('ports of nodes are all different, and none that a system deals out', async () => {
  const taken = new Set<number>();
  const ports = await Promise.all(Array.from({ length: 16 }, () => freePort(taken)));
  expect([new Set(ports).size, taken.size]).toEqual([16, 16]);
  for (const port of ports) expect([port >= 10_000, port < 32_768]).toEqual([true, true]);
});
