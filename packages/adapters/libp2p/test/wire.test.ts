import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { Libp2pTransport } from '../src/index.ts';
import { endpoint, whenPeers } from './network.ts';

/** One connection through a wire: the dialler's end, and the end of whom it dialled. */
interface Strand {
  readonly near: Socket;
  readonly far: Socket;
}

const opened: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

/** A wire to an endpoint, each strand of which can break on one side and stand on the other, as when a network is cut. */
async function wireTo(target: Libp2pTransport): Promise<{ readonly address: string; readonly strands: Strand[] }> {
  const address = target.status().addresses[0] ?? '';
  const port = Number(/\/tcp\/(\d+)/.exec(address)?.[1]);
  const strands: Strand[] = [];
  const server: Server = createServer((near) => {
    const far = dial(port, '127.0.0.1');
    strands.push({ near, far });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => undefined);
      from.on('data', (bytes) => to.write(bytes));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as { port: number };
  opened.push({
    close: () => {
      for (const { near, far } of strands) for (const socket of [near, far]) socket.destroy();
      server.close();
    },
  });
  return { address: address.replace(/\/tcp\/\d+/, `/tcp/${own}`), strands };
}

test('who comes back before its old connection is known to be dead is heard and told all the same', async () => {
  const a = await endpoint();
  const { address, strands } = await wireTo(a);
  const b = await endpoint({ bootstrap: [address] });
  opened.push(a, b);
  const heard = { a: 0, b: 0 };
  a.subscribe('t', () => {
    heard.a += 1;
    return 'accept';
  });
  b.subscribe('t', () => {
    heard.b += 1;
    return 'accept';
  });
  let said = 0;
  const speak = (one: Libp2pTransport): void => one.publish('t', Uint8Array.of(1, said++));
  const bothHear = async (): Promise<void> => {
    const [before, start] = [{ ...heard }, performance.now()];
    await vi.waitFor(
      () => {
        speak(a);
        speak(b);
        expect(heard.a - before.a, `a after ${Math.round(performance.now() - start)} ms`).toBeGreaterThan(0);
        expect(heard.b - before.b, 'b').toBeGreaterThan(0);
      },
      { timeout: 15_000, interval: 100 },
    );
  };
  await whenPeers(a, (peers) => peers.includes(b.id));
  await bothHear();
  // B's end breaks; A's stands, and nothing comes by it any more.
  const gone = new Promise<void>((resolve) => {
    const stop = b.onPeers((peers) => {
      if (peers.length > 0) return;
      stop();
      resolve();
    });
  });
  strands[0]?.near.removeAllListeners('data').destroy();
  strands[0]?.far.removeAllListeners('data').resume();
  await gone;
  await whenPeers(b, (peers) => peers.includes(a.id));
  expect(strands).toHaveLength(2);
  const before = heard.a;
  await vi.waitFor(
    () => {
      speak(b);
      expect(heard.a).toBeGreaterThan(before + 3);
    },
    { timeout: 10_000, interval: 100 },
  );
  // Only now A learns that the old connection is dead.
  strands[0]?.far.destroy();
  await bothHear();
  // Longer than it takes to notice peers that do not read.
  for (const start = performance.now(); performance.now() - start < 2_500; ) await bothHear();
  expect([a.status().refused, b.status().refused]).toEqual([{}, {}]);
}, 60_000);
