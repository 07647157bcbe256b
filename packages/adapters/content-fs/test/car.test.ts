import { CONTENT_BLOCK_BYTES_MAX, ContentError, type ContentStore } from '@canswarm/ports';
import { type Block, buildFile, cidOf, encodeCbor, linkOf, toHex, utf8 } from '@canswarm/protocol';
import { CarReader } from '@ipld/car';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../src/check-block.ts';
import { type CarContents, contentFs, exportCar, importCar, readCar, writeCar } from '../src/index.ts';
import { temporaryFolder } from './folder.ts';

const raw = (text: string): Block => ({ cid: cidOf(utf8(text), 'raw', sha256), bytes: utf8(text) });
const [a, b, c] = [raw('a'), raw('bb'), raw('ccc')];
const rootBytes = encodeCbor({ parts: [linkOf(a.cid), linkOf(b.cid)] });
const root: Block = { cid: cidOf(rootBytes, 'dag-cbor', sha256), bytes: rootBytes };
const sorted = [a, b, c, root].sort((left, right) => (left.cid < right.cid ? -1 : 1));

describe('writeCar', () => {
  it('gives the same bytes whatever the order and however often a block comes', () => {
    const first = writeCar([root.cid], [root, a, b, c]);
    expect(toHex(writeCar([root.cid], [c, b, a, root, a, c]))).toBe(toHex(first));
    expect(readCar(first)).toEqual({ ok: true, roots: [root.cid], blocks: sorted });
    expect(toHex(writeCar([root.cid, a.cid], [a]))).not.toBe(toHex(writeCar([a.cid, root.cid], [a])));
  });

  it('writes what the CAR library reads', async () => {
    const reader = await CarReader.fromBytes(writeCar([root.cid, c.cid], [root, a, b]));
    expect((await reader.getRoots()).map(String)).toEqual([root.cid, c.cid]);
    const read: string[] = [];
    for await (const { cid, bytes } of reader.blocks()) read.push(`${cid} ${toHex(bytes)}`);
    const expected = sorted.filter(({ cid }) => cid !== c.cid);
    expect(read).toEqual(expected.map(({ cid, bytes }) => `${cid} ${toHex(bytes)}`));
  });

  it('refuses roots that are none or repeat', () => {
    expect(() => writeCar([], [a])).toThrow(RangeError);
    expect(() => writeCar([a.cid, a.cid], [a])).toThrow(RangeError);
    const many = Array.from({ length: 65 }, (_, i) => raw(`${i}`).cid);
    expect(() => writeCar(many, [])).toThrow(RangeError);
    expect(readCar(writeCar(many.slice(1), []))).toMatchObject({ ok: true, blocks: [] });
  });
});

describe('readCar', () => {
  const car = writeCar([root.cid], sorted);

  it('takes no header that is longer than its roots can be', () => {
    const header = encodeCbor({ roots: Array.from({ length: 5000 }, () => null), version: 1 });
    const length = Uint8Array.of((header.length & 0x7f) | 0x80, header.length >> 7);
    expect(readCar(Buffer.concat([length, header]))).toMatchObject({
      ok: false,
      code: 'malformed',
      index: null,
      reason: 'its header is too long',
    });
  });

  it('takes no block that no store takes', () => {
    const held = (size: number): Block => {
      const bytes = new Uint8Array(size);
      return { cid: cidOf(bytes, 'raw', sha256), bytes };
    };
    const [most, more] = [held(CONTENT_BLOCK_BYTES_MAX), held(CONTENT_BLOCK_BYTES_MAX + 1)];
    expect(readCar(writeCar([most.cid], [most]))).toMatchObject({ ok: true });
    expect(readCar(writeCar([more.cid], [more]))).toMatchObject({ ok: false, code: 'malformed', index: 0 });
  });
  const blockAt = sorted.findIndex(({ cid }) => cid === root.cid);

  it('takes no changed bit for the same contents', () => {
    const names = (contents: CarContents): string => [contents.roots, contents.blocks.map(({ cid }) => cid)].join('; ');
    const genuine = names({ roots: [root.cid], blocks: sorted });
    const faults = new Map<string, number>();
    for (let bit = 0; bit < car.length * 8; bit += 1) {
      const changed = car.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const read = readCar(changed);
      // A root in the header, or the codec in a CID, is a name; that it is the right one is for the caller to know.
      const code = !read.ok ? read.code : names(read) === genuine ? 'taken for the same' : 'other names';
      faults.set(code, (faults.get(code) ?? 0) + 1);
    }
    expect(faults.get('taken for the same')).toBeUndefined();
    expect(faults.get('other names')).toBeLessThanOrEqual(8 * 32 + 8);
    expect(faults.get('block')).toBeGreaterThan(car.length * 4);
  });

  it('refuses the file cut anywhere, and with anything behind it', () => {
    const ends: number[] = [];
    for (let length = 0; length < car.length; length += 1) {
      const read = readCar(car.slice(0, length));
      if (read.ok) ends.push(read.blocks.length);
    }
    // Cut between blocks it is the file of fewer blocks, and sound: which blocks there must be is the caller's to know.
    expect(ends).toEqual([0, 1, 2, 3]);
    expect(readCar(new Uint8Array([...car, 0])).ok).toBe(false);
  });

  it('names the block whose bytes do not match', () => {
    const at = Buffer.from(car).indexOf(root.bytes);
    const changed = car.slice();
    changed[at + 4] = (changed[at + 4] ?? 0) ^ 1;
    expect(readCar(changed)).toEqual({ ok: false, code: 'block', index: blockAt, cid: root.cid });
  });

  it('refuses sound files that are not what would be written', async () => {
    const swapped = swapFirstTwo(car);
    expect((await CarReader.fromBytes(swapped)).version).toBe(1);
    expect(readCar(swapped)).toMatchObject({ ok: false, code: 'not_canonical' });
    const header = writeCar([root.cid], []).length;
    const doubled = Buffer.concat([car.subarray(0, header), car.subarray(header), car.subarray(header)]);
    expect(readCar(doubled)).toMatchObject({ ok: false, code: 'not_canonical', offset: car.length });
  });

  it('says where the frames go wrong', () => {
    const header = writeCar([root.cid], []).length;
    const short = car.slice();
    short[header] = 3;
    expect(readCar(short)).toMatchObject({ ok: false, code: 'malformed', index: 0 });
    expect(readCar(car.slice(0, -1))).toMatchObject({ ok: false, code: 'malformed', index: 3 });
    expect(readCar(new Uint8Array(0))).toMatchObject({ ok: false, code: 'malformed', index: null });
  });

  it('never throws, and what it takes is what would be written', () => {
    const edits = fc.array(fc.tuple(fc.nat(car.length), fc.nat(3), fc.uint8Array({ maxLength: 4 })), { maxLength: 4 });
    fc.assert(
      fc.property(edits, (given) => {
        let bytes = Buffer.from(car);
        for (const [at, removed, added] of given) {
          bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
        }
        const read = readCar(new Uint8Array(bytes));
        if (read.ok) expect(toHex(writeCar(read.roots, read.blocks))).toBe(toHex(bytes));
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readCar(bytes)));
  });
});

/** The same file with its first two blocks, which differ in length, changed over. */
function swapFirstTwo(car: Uint8Array): Uint8Array {
  const [first, second] = sorted;
  if (first === undefined || second === undefined) return expect.fail('there are four blocks');
  const start = writeCar([root.cid], []).length;
  const middle = writeCar([root.cid], [first]).length;
  const end = writeCar([root.cid], [first, second]).length;
  return new Uint8Array(
    Buffer.concat([car.subarray(0, start), car.subarray(middle, end), car.subarray(start, middle), car.subarray(end)]),
  );
}

describe('exportCar and importCar', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let store: ContentStore;
  beforeEach(async () => {
    folder = temporaryFolder();
    store = await contentFs({ dir: folder.dir });
  });
  afterEach(async () => {
    await store.close();
    await folder.remove();
  });

  it('export everything the roots reach, or the blocks asked for', async () => {
    const file = buildFile(new Uint8Array(50_000).fill(3), sha256);
    await store.putBlocks([...file.blocks, root, a, b, c]);
    const whole = await exportCar(store, [root.cid, file.cid]);
    expect(toHex(whole)).toBe(toHex(writeCar([root.cid, file.cid], [...file.blocks, root, a, b])));
    const some = await exportCar(store, [root.cid], { blocks: [b.cid, root.cid, b.cid] });
    expect(toHex(some)).toBe(toHex(writeCar([root.cid], [root, b])));
  });

  it('say which block is missing', async () => {
    await store.putBlocks([root, a]);
    const error = await exportCar(store, [root.cid]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ContentError);
    expect(error).toMatchObject({ code: 'not_found', cid: b.cid });
  });

  it('import into another store, or not at all', async () => {
    const car = writeCar([root.cid], [root, a, b]);
    const damaged = car.slice();
    damaged[car.length - 1] = (damaged[car.length - 1] ?? 0) ^ 1;
    expect(await importCar(store, damaged)).toMatchObject({ ok: false, code: 'block' });
    for (const { cid } of [root, a, b]) expect(await store.has(cid)).toBe(false);
    expect(await importCar(store, car)).toMatchObject({ ok: true, roots: [root.cid] });
    expect(toHex(await exportCar(store, [root.cid]))).toBe(toHex(car));
  });
});
