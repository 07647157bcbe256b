import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ArtifactRef,
  buildTree,
  type Cid,
  checkCitation,
  type DagMap,
  LEAF_BYTES,
  linkOf,
  noneRead,
  parseCitation,
  withBlocks,
} from '../../src/index.ts';
import { Blocks } from '../support/blocks.ts';
import { sha256 } from '../support/crypto.ts';

const TEXT = 'Report a vulnerability in private – never in an issue. ';
const source = new TextEncoder().encode(TEXT.repeat(700));

function fixture() {
  const blocks = new Blocks();
  const entry = blocks.file('docs/SECURITY.md', source);
  const record = blocks.record('a record', { v: 1 });
  const tree = buildTree([entry, record, blocks.file('short.txt', source.subarray(0, 60))], sha256);
  blocks.add(tree.blocks);
  const inputs: readonly ArtifactRef[] = [tree.ref];
  return { blocks, entry, inputs };
}

const { blocks, entry, inputs } = fixture();

/** A byte offset moved down to where a character begins. */
const boundary = (at: number): number => {
  let start = at;
  while (start > 0 && ((source[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
};

function cite(byteStart: number, byteEnd: number): DagMap {
  const words = source.subarray(byteStart, byteEnd);
  return {
    input: 0,
    path: 'docs/SECURITY.md',
    document: linkOf(entry.cid),
    byteStart,
    byteEnd,
    quote: new TextDecoder('utf-8', { ignoreBOM: true }).decode(words),
    sha256: sha256(words),
    lineStart: 1,
    lineEnd: 1,
    rank: 3,
  };
}

const range = fc.tuple(fc.nat(source.length - 10), fc.integer({ min: 4, max: 4096 })).map(([start, length]) => {
  const from = boundary(start);
  return [from, boundary(Math.min(source.length, from + length))] as const;
});

const check = (value: DagMap, get = blocks.get) => checkCitation(value, inputs, get, sha256);

test('every true quote is found true, every bent one false', () => {
  fc.assert(
    fc.property(range, fc.nat(), fc.integer({ min: 1, max: 40 }), ([start, end], at, shift) => {
      const value = cite(start, end);
      expect(check(value)).toEqual({ status: 'true' });
      const quote = String(value['quote']);
      if (quote.length === 0) return;
      const spot = at % quote.length;
      const bent = `${quote.slice(0, spot)}${quote[spot] === 'x' ? 'y' : 'x'}${quote.slice(spot + 1)}`;
      const bytes = new TextEncoder().encode(bent);
      const liar = { ...value, quote: bent, sha256: sha256(bytes), byteEnd: start + bytes.length };
      if (bent.isWellFormed() && start + bytes.length <= source.length) {
        expect(check(liar)).toEqual({ status: 'false', reason: 'words_differ' });
      }
      const moved = check({ ...value, byteStart: start + shift, byteEnd: end + shift });
      const same = Buffer.from(source.subarray(start + shift, end + shift)).equals(
        Buffer.from(source.subarray(start, end)),
      );
      expect(moved.status).toBe(same ? 'true' : 'false');
    }),
    { numRuns: 150 },
  );
});

test('without some blocks a true quote is never false, and a false one never true', () => {
  fc.assert(
    fc.property(range, fc.nat(), fc.boolean(), ([start, end], hidden, lie) => {
      const gone = [...blocks.held.keys()].filter((_, i) => ((hidden >> (i % 20)) & 1) === 1);
      const get = (cid: Cid) => (gone.includes(cid) ? undefined : blocks.held.get(cid));
      const words = source.slice(start, end);
      if (lie && words.length > 0) words[0] = words[0] === 0x23 ? 0x24 : 0x23;
      const quote = new TextDecoder('utf-8', { fatal: false }).decode(words);
      const bytes = new TextEncoder().encode(quote);
      const value = { ...cite(start, end), quote, sha256: sha256(bytes), byteEnd: start + bytes.length };
      const truth = check(value).status;
      expect([truth, 'missing']).toContain(check(value, get).status);
    }),
    { numRuns: 150 },
  );
});

test('one leaf that differs is enough, though the other is missing', () => {
  const start = boundary(LEAF_BYTES - 30);
  const value = cite(start, boundary(LEAF_BYTES + 30));
  const quote = String(value['quote']).replace(/./u, '#');
  const bytes = new TextEncoder().encode(quote);
  const liar = { ...value, quote, sha256: sha256(bytes), byteStart: start, byteEnd: start + bytes.length };
  const leaves = [...blocks.held].filter(([cid, block]) => cid.startsWith('bafkrei') && block.length === LEAF_BYTES);
  const [, second] = leaves;
  const get = (cid: Cid) => (cid === second?.[0] ? undefined : blocks.held.get(cid));
  expect(check(liar, get)).toEqual({ status: 'false', reason: 'words_differ' });
  expect(check(value, get)).toEqual({ status: 'missing', cid: second?.[0] });
});

test('each kind of wrong citation has its reason', () => {
  const good = cite(0, 20);
  const words = source.subarray(0, 20);
  const cases: readonly (readonly [change: DagMap, reason: string])[] = [
    [{ quote: 7 }, 'not_a_citation'],
    [{ input: -1 }, 'not_a_citation'],
    [{ quote: 'q'.repeat(4097) }, 'not_a_citation'],
    [{ lineStart: 0 }, 'not_a_citation'],
    [{ document: 'bafy' }, 'not_a_citation'],
    [{ sha256: words }, 'not_a_citation'],
    [{ sha256: sha256(source) }, 'sha256_differs'],
    [{ byteEnd: 21 }, 'length_differs'],
    [{ byteStart: 30 }, 'length_differs'],
    [{ input: 1 }, 'no_such_input'],
    [{ path: 'docs/SECURITY' }, 'no_such_path'],
    [{ path: 'short.txt' }, 'document_differs'],
    [{ byteStart: source.length - 10, byteEnd: source.length + 10 }, 'outside_document'],
    [{ byteStart: 1, byteEnd: 21 }, 'words_differ'],
  ];
  for (const [change, reason] of cases) {
    expect([reason, check({ ...good, ...change })]).toEqual([reason, { status: 'false', reason }]);
  }
  for (const key of Object.keys(good).filter((name) => name !== 'rank')) {
    const { [key]: _gone, ...rest } = good;
    expect(check(rest)).toEqual({ status: 'false', reason: 'not_a_citation' });
  }
  expect(checkCitation(null, inputs, blocks.get, sha256)).toEqual({ status: 'false', reason: 'not_a_citation' });
  expect(parseCitation(good)?.byteEnd).toBe(20);
});

test('an unsound input is nobody else than its giver fault', () => {
  const broken = (cid: Cid) => (cid === inputs[0]?.cid ? new Uint8Array(3) : blocks.held.get(cid));
  expect(check(cite(0, 20), broken)).toMatchObject({ status: 'malformed', cid: inputs[0]?.cid });
});

test('what was read for one citation spares the next the same nodes, and decides nothing', () => {
  // One block in two places, and it fits one of them only.
  const larger = { ...entry, key: 'docs/larger', size: entry.size + 1 };
  const tree = buildTree([entry, larger], sha256);
  const held = new Map([...blocks.held, ...tree.blocks.map(({ cid, bytes }) => [cid, bytes] as const)]);
  const asked: Cid[] = [];
  const get = (cid: Cid) => {
    asked.push(cid);
    return held.get(cid);
  };
  const read = noneRead();
  const values = [cite(0, 20), cite(20, 40), { ...cite(0, 20), path: larger.key }, { ...cite(0, 20), path: 'none' }];
  const fresh = values.map((value) => checkCitation(value, [tree.ref], (cid) => held.get(cid), sha256).status);
  expect(fresh).toEqual(['true', 'true', 'malformed', 'false']);
  for (const order of [values, [...values].reverse()])
    expect(order.map((value) => checkCitation(value, [tree.ref], get, sha256, read).status)).toEqual(
      order.map((value) => fresh[values.indexOf(value)]),
    );
  const counted = (cid: Cid | undefined) => asked.filter((one) => one === cid).length;
  expect(counted(tree.ref.cid)).toBe(1);
  expect(counted(entry.cid)).toBe(3);
});

test('withBlocks fetches what a step lacks, and keeps the path it proved by', async () => {
  const value = cite(boundary(LEAF_BYTES - 30), boundary(LEAF_BYTES + 30));
  const fetched: Cid[] = [];
  const fetch = async (cid: Cid) => {
    fetched.push(cid);
    const bytes = blocks.held.get(cid);
    if (bytes === undefined) throw new Error('gone');
    return bytes;
  };
  const { result, touched } = await withBlocks((get) => check(value, get), fetch);
  expect(result).toEqual({ status: 'true' });
  // tree node, file node, two leaves; each once
  expect(fetched).toHaveLength(4);
  expect([...touched.keys()].sort()).toEqual([...fetched].sort());
  expect(check(value, (cid) => touched.get(cid))).toEqual({ status: 'true' });
  const bounded = await withBlocks((get) => check(value, get), fetch, 2);
  expect(bounded.result.status).toBe('missing');
  await expect(
    withBlocks(
      (get) => check(value, get),
      async () => Promise.reject(new Error('deadline')),
    ),
  ).rejects.toThrow('deadline');
});
