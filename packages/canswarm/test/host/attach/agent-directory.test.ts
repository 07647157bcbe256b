import { nodeCrypto } from '@canswarm/local';
import type { RequestHandler, Transport } from '@canswarm/ports';
import { cidOf, utf8 } from '@canswarm/protocol';
import { expect, it } from 'vitest';
import { AgentDirectory } from '../../../src/host/attach/agent-directory.ts';

const crypto = nodeCrypto();
const network = cidOf(utf8('a network'), 'dag-cbor', crypto.sha256);
const node = { state: { members: new Map() } } as never;

/** A directory on a clock of the test's, what it serves, and how often it asked each peer. */
function directory(peers: readonly string[] = []) {
  const clock = { ms: 0 };
  const asked: string[] = [];
  let serve: RequestHandler = async () => null;
  const transport: Pick<Transport, 'peers' | 'request' | 'serve'> = {
    peers: () => peers,
    request: async (peer) => {
      asked.push(peer);
      throw new Error('it offers nothing');
    },
    serve: (_protocol, handler) => {
      serve = handler;
      return () => undefined;
    },
  };
  const made = new AgentDirectory({ node, transport, network, crypto, nowMs: () => clock.ms });
  const served = async (from: string, times: number): Promise<number> => {
    let count = 0;
    for (let time = 0; time < times; time += 1) if ((await serve(new Uint8Array(), from)) !== null) count += 1;
    return count;
  };
  return { made, clock, asked, served };
}

it('serves a peer 32 times after a pause and 8 times a second, and others all the same', async () => {
  const { clock, served } = directory();
  expect(await served('greedy', 100)).toBe(32);
  expect(await served('other', 1)).toBe(1);
  clock.ms += 1_000;
  expect(await served('greedy', 100)).toBe(8);
  clock.ms += 60;
  expect(await served('greedy', 1)).toBe(0);
  clock.ms += 65;
  expect(await served('greedy', 2)).toBe(1);
  clock.ms += 3_600_000;
  expect(await served('greedy', 100)).toBe(32);
});

it('keeps count of the peers that asked last, and of no more than 1 024', async () => {
  const { served } = directory();
  await served('first', 32);
  await served('second', 32);
  for (let peer = 0; peer < 1_022; peer += 1) await served(`peer ${peer}`, 1);
  expect(await served('first', 1)).toBe(0);
  await served('one more', 1);
  expect(await served('first', 1)).toBe(0);
  expect(await served('second', 1)).toBe(1);
});

it('asks a peer once for searches that come together, and again a moment later', async () => {
  const { made, clock, asked } = directory(['a', 'b']);
  await Promise.all([made.search(''), made.search('words'), made.find('word-count')]);
  expect(asked).toEqual(['a', 'b']);
  clock.ms += 249;
  await made.search('');
  expect(asked).toHaveLength(2);
  clock.ms += 1;
  await made.search('');
  expect(asked).toEqual(['a', 'b', 'a', 'b']);
});
