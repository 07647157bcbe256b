import * as dagCbor from '@ipld/dag-cbor';
import * as dagJson from '@ipld/dag-json';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { expect, test } from 'vitest';
import { type DagValue, decodeCbor, encodeCbor, fromDagJson, Link, toDagJson } from '../../src/index.ts';
import { dagValue } from '../support/arbitraries.ts';

/** The value as the public library wants it. */
function foreign(value: DagValue): unknown {
  if (value instanceof Link) return CID.parse(value.cid);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(foreign);
  const map = {};
  for (const [key, item] of Object.entries(value)) {
    Object.defineProperty(map, key, { value: foreign(item), enumerable: true, writable: true, configurable: true });
  }
  return map;
}

/** Whether the library's value lies within our data model: no floats, no big integers, only our CIDs, not too deep. */
function ours(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value === 'bigint') return false;
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return true;
  const cid = CID.asCID(value);
  if (cid !== null)
    return (
      cid.version === 1 &&
      [0x55, 0x70, 0x71].includes(cid.code) &&
      cid.multihash.code === 0x12 &&
      cid.bytes.length === 36
    );
  return depth < 32 && Object.values(value).every((item) => ours(item, depth + 1));
}

/** What the library says: the bytes are the one encoding of a value that we take. */
function libraryVerdict(bytes: Uint8Array): boolean {
  try {
    const value = dagCbor.decode(bytes);
    return ours(value) && Buffer.from(dagCbor.encode(value)).equals(Buffer.from(bytes));
  } catch {
    return false;
  }
}

test('values go there and back, and encode as the public library encodes them', () => {
  fc.assert(
    fc.property(dagValue, (value) => {
      const bytes = encodeCbor(value);
      expect(Buffer.from(bytes).equals(Buffer.from(dagCbor.encode(foreign(value))))).toBe(true);
      expect(decodeCbor(bytes)).toEqual({ ok: true, value });
    }),
    { numRuns: 400 },
  );
});

test('bytes are taken exactly when the library reads them and writes the same again', () => {
  const bent = fc
    .tuple(dagValue, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), fc.nat(3))
    .map(([value, changes, cut]) => {
      const bytes = encodeCbor(value);
      for (const [at, to] of changes) bytes[at % bytes.length] = to;
      return bytes.subarray(0, bytes.length - (cut === 3 ? 1 : 0));
    });
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(bent, fc.uint8Array({ maxLength: 12 })), (bytes) => {
      const { ok } = decodeCbor(bytes);
      taken += ok ? 1 : 0;
      expect(ok).toBe(libraryVerdict(bytes));
    }),
    { numRuns: 3000 },
  );
  // both verdicts occur, or the comparison says nothing
  expect(taken).toBeGreaterThan(300);
  expect(taken).toBeLessThan(2700);
});

test('DAG-JSON lines go there and back, and mean the same to the public library', () => {
  fc.assert(
    fc.property(dagValue, (value) => {
      const line = toDagJson(value);
      if (line === undefined) return;
      expect(line).not.toMatch(/[\n\r]/);
      const back = fromDagJson(line);
      expect(back !== undefined && Buffer.from(encodeCbor(back)).equals(Buffer.from(encodeCbor(value)))).toBe(true);
      const library = dagJson.decode(new TextEncoder().encode(line));
      expect(Buffer.from(dagCbor.encode(library)).equals(Buffer.from(encodeCbor(value)))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
