import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NodeClient } from '../../src/host/node-client.ts';

let folder = '';
let controlPath = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canswarm-client-'));
  controlPath = join(folder, 'control');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a node that does not run is told so', async () => {
  await expect(new NodeClient({ name: 'acme', controlPath }).health()).rejects.toMatchObject({
    code: 'unreachable',
    message: 'the node "acme" does not run',
    hint: 'Start it with: canswarm up',
  });
});

it('a node that ends while it is asked is told in plain words', async () => {
  const server = createServer((socket) => void socket.once('data', () => socket.destroy()));
  await new Promise<void>((resolve) => void server.listen(controlPath, resolve));
  try {
    await expect(new NodeClient({ name: 'acme', controlPath }).health()).rejects.toMatchObject({
      code: 'unreachable',
      message: 'the node "acme" ended while it was asked: it was stopped, or its process was killed',
      hint: 'Start it again with: canswarm up',
    });
  } finally {
    await new Promise((resolve) => void server.close(resolve));
  }
});
