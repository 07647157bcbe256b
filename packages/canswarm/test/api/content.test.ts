import { type ApiClient, bytesOf } from '@canswarm/api';
import { writeCar } from '@canswarm/content-fs';
import { type Block, buildFile, type Cid, cidOf, LEAF_BYTES, utf8 } from '@canswarm/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './ask.ts';
import { Running } from './running.ts';

const MIB = 1024 * 1024;
const MOST = 64 * MIB;

let running: Running;
let client: ApiClient;
beforeAll(async () => {
  running = await (await Running.found()).start();
  client = running.far();
}, 60_000);
afterAll(async () => {
  expect(running.defects).toEqual([]);
  await running.remove();
});

/** Bytes that look like nothing, always the same. */
function noise(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = size + 1;
  for (let at = 0; at < size; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

const sha256 = (bytes: Uint8Array): Uint8Array => running.host.crypto.sha256(bytes);
const blockOf = (text: string): Block => ({ cid: cidOf(utf8(text), 'raw', sha256), bytes: utf8(text) });
const allOf = async (cid: string, size: number): Promise<Uint8Array> =>
  bytesOf(await client.getFile({ cid, size }), size);

describe('files', () => {
  it.each([0, 1, LEAF_BYTES - 1, LEAF_BYTES, LEAF_BYTES + 1, 174 * LEAF_BYTES, 174 * LEAF_BYTES + 1, 5 * MIB + 7])(
    'of %i bytes are stored and read again',
    async (size) => {
      const bytes = noise(size);
      const stored = await client.putFile({ body: bytes });
      expect(stored).toEqual({ cid: buildFile(bytes, sha256).cid, size });
      expect(await client.putFile({ body: bytes })).toEqual(stored);
      const read = await client.getFile(stored);
      expect(read.size).toBe(size);
      expect(Buffer.compare(await bytesOf(read, size), bytes)).toBe(0);
    },
  );

  it('come in pieces too', async () => {
    const bytes = noise(300_000);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 70_001) yield bytes.subarray(at, at + 70_001);
    }
    expect(await client.putFile({ body: pieces() })).toEqual(await client.putFile({ body: bytes }));
  });

  it('of the most bytes are taken, and of one more not', async () => {
    const bytes = noise(MOST + 1);
    expect((await client.putFile({ body: bytes.subarray(1) })).size).toBe(MOST);
    await expect(client.putFile({ body: bytes })).rejects.toMatchObject({ status: 413, code: 'too_large' });
    async function* unannounced(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += MIB) yield bytes.subarray(at, at + MIB);
    }
    await expect(client.putFile({ body: unannounced() })).rejects.toMatchObject({ status: 413, code: 'too_large' });
  });

  it('are read only by their own size', async () => {
    const { cid, size } = await client.putFile({ body: noise(100_000) });
    for (const other of [0, 1, size - 1, size + 1, 4 * 1024 * MIB]) {
      await expect(allOf(cid, other)).rejects.toMatchObject({ status: 409, code: 'refused' });
    }
  });

  it('that nobody has are not found, after the time given', async () => {
    const { cid } = buildFile(noise(99), sha256);
    await expect(client.getFile({ cid, size: 99, deadlineMs: 50 })).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
    });
    await expect(client.getBlock({ cid, deadlineMs: 50 })).rejects.toMatchObject({ status: 404, code: 'not_found' });
  });

  it('whose end lacks are cut off', async () => {
    const bytes = noise(MIB);
    const { cid, blocks } = buildFile(bytes, sha256);
    const lacking = blocks.filter((_, index) => index !== 40);
    await running.host.content.putBlocks(lacking);
    const stream = await client.getFile({ cid, size: MIB, deadlineMs: 50 });
    await expect(bytesOf(stream, MIB)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('are refused beyond what is taken at once', async () => {
    const headers = { authorization: `Bearer ${running.token}`, 'content-type': 'application/octet-stream' };
    const held = Promise.withResolvers<void>();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield noise(1);
      await held.promise;
      yield noise(2);
    }
    const slowly = [client.putFile({ body: slow() }), client.putFile({ body: slow() })];
    await expect
      .poll(async () => (await ask(running, { method: 'PUT', path: '/v1/files', headers, body: 'x' })).status)
      .toBe(503);
    held.resolve();
    expect((await Promise.all(slowly)).map(({ size }) => size)).toEqual([3, 3]);
    expect((await client.putFile({ body: noise(3) })).size).toBe(3);
  });
});

describe('blocks', () => {
  it('come as a CAR file and are read by CID', async () => {
    const blocks = ['one', 'two', 'three'].map(blockOf);
    const roots = [blocks[1]?.cid as Cid];
    expect(await client.putBlocks({ body: writeCar(roots, blocks) })).toEqual({ roots, blocks: 3 });
    for (const { cid, bytes } of blocks) {
      expect(Buffer.compare(await bytesOf(await client.getBlock({ cid }), 99), bytes)).toBe(0);
    }
  });

  it.each<readonly [string, (car: Uint8Array) => Uint8Array]>([
    ['is cut', (car) => car.subarray(0, -1)],
    ['has one bit changed', (car) => car.map((byte, at) => (at === car.length - 1 ? byte ^ 1 : byte))],
    ['has more behind it', (car) => Buffer.concat([car, new Uint8Array(1)])],
    ['is empty', () => new Uint8Array()],
    ['is no CAR', () => utf8('no car')],
  ])('of a file that %s are refused, all of them', async (_, change) => {
    const block = blockOf(`never stored ${_}`);
    const car = change(writeCar([block.cid], [block]));
    await expect(client.putBlocks({ body: car })).rejects.toMatchObject({ status: 400, code: 'malformed' });
    expect(await running.host.content.has(block.cid)).toBe(false);
  });
});
