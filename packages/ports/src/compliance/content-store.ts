import type { Cid } from '@canswarm/protocol';
import { cidOf, digestOf, type Sha256 } from '@canswarm/protocol';
import { expect } from 'vitest';
import { CONTENT_BLOCK_BYTES_MAX, type ContentCodec, ContentError, type ContentStore } from '../content-store.ts';
import { StorageError } from '../storage-error.ts';
import { expectCode, fromHex, hex, rejectionOf, utf8 } from './fixtures.ts';
import { type Check, registerSuite, type World } from './suite.ts';

export interface ContentStoreHarness extends World {
  /** A store that is empty and sweeps without a grace period. */
  readonly content: ContentStore;
  readonly sha256: Sha256;
  /** Changes a byte of the stored block behind the store's back; null where nothing can. */
  readonly tamper: ((cid: Cid) => Promise<void>) | null;
  /** Opens what `content` left behind after its close; null for a store that lives in memory. */
  readonly reopen: (() => Promise<ContentStore>) | null;
}

const WANTED = { deadlineMs: 5000, maxBytes: CONTENT_BLOCK_BYTES_MAX } as const;

/** CIDs as Kubo and the IPFS libraries give them. */
const KNOWN: readonly (readonly [codec: ContentCodec, hexBytes: string, cid: string])[] = [
  ['raw', hex(utf8('hello world')), 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
  ['dag-cbor', 'a0', 'bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua'],
  ['dag-pb', '', 'bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
];

const CODEC_BYTE = { raw: '55', 'dag-cbor': '71', 'dag-pb': '70' } as const;

function linkHex(cid: Cid, codec: ContentCodec): string {
  return `01${CODEC_BYTE[codec]}1220${hex(digestOf(cid))}`;
}

/** DAG-CBOR of { "l": [link] }: a link is tag 42 of a byte string 00 + CID. */
function cborNode(target: Cid, codec: ContentCodec): Uint8Array {
  return fromHex(`a1616c81d82a582500${linkHex(target, codec)}`);
}

/** DAG-PB of one link without a name, and one byte of data. */
function pbNode(target: Cid, codec: ContentCodec): Uint8Array {
  return fromHex(`122a0a24${linkHex(target, codec)}120018010a0101`);
}

const blockChecks: readonly Check<ContentStoreHarness>[] = [
  {
    name: 'names blocks as IPFS does and gives them back',
    run: async ({ content, drive }) => {
      for (const [codec, bytes, cid] of KNOWN) {
        expect(await drive(content.put(fromHex(bytes), codec))).toBe(cid);
        expect(await drive(content.put(fromHex(bytes), codec))).toBe(cid);
        expect(await drive(content.has(cid as Cid))).toBe(true);
        expect(hex(await drive(content.get(cid as Cid, WANTED)))).toBe(bytes);
      }
    },
  },
  {
    name: 'says that it does not have a block',
    run: async ({ content, sha256, drive }) => {
      const cid = cidOf(utf8('never put'), 'raw', sha256);
      expect(await drive(content.has(cid))).toBe(false);
      const error = await drive(rejectionOf(content.get(cid, { ...WANTED, deadlineMs: 50 })));
      expectCode(error, ContentError, 'not_found');
      expect(error).toHaveProperty('cid', cid);
    },
  },
  {
    name: 'keeps to size limits and refuses options that are none',
    run: async ({ content, drive }) => {
      const cid = await drive(content.put(utf8('12345'), 'raw'));
      expect(hex(await drive(content.get(cid, { ...WANTED, maxBytes: 5 })))).toBe(hex(utf8('12345')));
      expectCode(await drive(rejectionOf(content.get(cid, { ...WANTED, maxBytes: 4 }))), ContentError, 'too_large');
      const largest = new Uint8Array(CONTENT_BLOCK_BYTES_MAX);
      const whole = await drive(content.get(await drive(content.put(largest, 'raw')), WANTED));
      expect(whole).toHaveLength(CONTENT_BLOCK_BYTES_MAX);
      const error = await drive(rejectionOf(content.put(new Uint8Array(CONTENT_BLOCK_BYTES_MAX + 1), 'raw')));
      expectCode(error, ContentError, 'too_large');
      for (const options of [
        { ...WANTED, deadlineMs: 0 },
        { ...WANTED, maxBytes: -1 },
        { ...WANTED, maxBytes: Number.NaN },
      ]) {
        expect(await drive(rejectionOf(content.get(cid, options)))).toBeInstanceOf(RangeError);
      }
    },
  },
  {
    name: 'takes the bytes at the call and gives the caller its own',
    run: async ({ content, sha256, drive }) => {
      const mine = utf8('mine');
      const putting = content.put(mine, 'raw');
      mine.fill(0);
      const cid = await drive(putting);
      const other = utf8('other');
      const block = { cid: cidOf(other, 'raw', sha256), bytes: other };
      const puttingBlocks = content.putBlocks([block]);
      other.fill(0);
      await drive(puttingBlocks);
      const got = await drive(content.get(cid, WANTED));
      expect(hex(got)).toBe(hex(utf8('mine')));
      got.fill(1);
      expect(hex(await drive(content.get(cid, WANTED)))).toBe(hex(utf8('mine')));
      expect(hex(await drive(content.get(block.cid, WANTED)))).toBe(hex(utf8('other')));
    },
  },
  {
    name: 'takes more than a thousand blocks at once',
    run: async ({ content, sha256, drive }) => {
      const blocks = Array.from({ length: 1200 }, (_, i) => {
        const bytes = utf8(`block ${i}`);
        return { cid: cidOf(bytes, 'raw', sha256), bytes };
      });
      await drive(content.putBlocks([...blocks, ...blocks.slice(0, 5)]));
      for (const block of [blocks[0], blocks[599], blocks[1199]]) {
        expect(block && hex(await drive(content.get(block.cid, WANTED)))).toBe(block && hex(block.bytes));
      }
      await drive(content.putBlocks([]));
    },
  },
  {
    name: 'stores none of the blocks when one is not what its CID says',
    run: async ({ content, sha256, drive }) => {
      const good = { cid: cidOf(utf8('good'), 'raw', sha256), bytes: utf8('good') };
      const forged = { cid: cidOf(utf8('promised'), 'raw', sha256), bytes: utf8('delivered') };
      const error = await drive(rejectionOf(content.putBlocks([good, forged])));
      expectCode(error, ContentError, 'corrupt');
      expect(error).toHaveProperty('cid', forged.cid);
      expect(await drive(content.has(good.cid))).toBe(false);
      expect(await drive(content.has(forged.cid))).toBe(false);
    },
  },
  {
    name: 'never gives out bytes that do not hash to their CID, and a new put heals them',
    lacks: ({ tamper }) => (tamper === null ? 'nothing can change a block behind this store' : null),
    run: async ({ content, tamper, drive }) => {
      const cid = await drive(content.put(utf8('what was written'), 'raw'));
      await tamper?.(cid);
      expectCode(await drive(rejectionOf(content.get(cid, WANTED))), ContentError, 'corrupt');
      await drive(content.put(utf8('what was written'), 'raw'));
      expect(hex(await drive(content.get(cid, WANTED)))).toBe(hex(utf8('what was written')));
    },
  },
];

/** A root over an inner node over a leaf; the root links in DAG-CBOR, the inner node in DAG-PB. */
async function plantGraph({ content, drive }: ContentStoreHarness, name: string): Promise<readonly [Cid, Cid, Cid]> {
  const leaf = await drive(content.put(utf8(name), 'raw'));
  const inner = await drive(content.put(pbNode(leaf, 'raw'), 'dag-pb'));
  const root = await drive(content.put(cborNode(inner, 'dag-pb'), 'dag-cbor'));
  return [root, inner, leaf];
}

const pinChecks: readonly Check<ContentStoreHarness>[] = [
  {
    name: 'gc keeps what pins reach and removes the rest',
    run: async (harness) => {
      const { content, drive } = harness;
      const kept = await plantGraph(harness, 'kept');
      const swept = await plantGraph(harness, 'swept');
      await drive(content.pin(kept[0]));
      expect(await drive(content.gc())).toEqual({ removed: 3 });
      for (const cid of kept) expect(await drive(content.has(cid))).toBe(true);
      for (const cid of swept) expect(await drive(content.has(cid))).toBe(false);
      expect(await drive(content.gc())).toEqual({ removed: 0 });
    },
  },
  {
    name: 'pins are not counted, may precede their blocks, and are taken back by one unpin',
    run: async (harness) => {
      const { content, sha256, drive } = harness;
      const leaf = cidOf(utf8('to come'), 'raw', sha256);
      const root = cidOf(cborNode(leaf, 'raw'), 'dag-cbor', sha256);
      await drive(content.pin(root));
      await drive(content.pin(root));
      expect(await drive(content.gc())).toEqual({ removed: 0 });
      await drive(content.put(cborNode(leaf, 'raw'), 'dag-cbor'));
      expect(await drive(content.gc())).toEqual({ removed: 0 });
      await drive(content.put(utf8('to come'), 'raw'));
      expect(await drive(content.gc())).toEqual({ removed: 0 });
      await drive(content.unpin(root));
      expect(await drive(content.gc())).toEqual({ removed: 2 });
      await drive(content.unpin(root));
    },
  },
  {
    name: 'gc keeps a block that another pin reaches',
    run: async (harness) => {
      const { content, drive } = harness;
      const [root, inner, leaf] = await plantGraph(harness, 'shared');
      const other = await drive(content.put(cborNode(leaf, 'raw'), 'dag-cbor'));
      await drive(content.pin(root));
      await drive(content.pin(other));
      await drive(content.unpin(root));
      expect(await drive(content.gc())).toEqual({ removed: 2 });
      expect(await drive(content.has(leaf))).toBe(true);
      expect(await drive(content.has(inner))).toBe(false);
    },
  },
];

const lifeChecks: readonly Check<ContentStoreHarness>[] = [
  {
    name: 'refuses everything after close, which may be repeated',
    run: async ({ content, drive }) => {
      const cid = await drive(content.put(utf8('a'), 'raw'));
      await drive(content.close());
      await drive(content.close());
      const uses = [
        () => content.put(utf8('a'), 'raw'),
        () => content.putBlocks([{ cid, bytes: utf8('a') }]),
        () => content.get(cid, WANTED),
        () => content.has(cid),
        () => content.pin(cid),
        () => content.unpin(cid),
        () => content.gc(),
      ];
      for (const use of uses) expectCode(await drive(rejectionOf(use())), StorageError, 'closed');
    },
  },
  {
    name: 'keeps blocks and pins across a close',
    lacks: ({ reopen }) => (reopen === null ? 'this store lives in memory' : null),
    run: async (harness) => {
      const { content, reopen, drive } = harness;
      const kept = await plantGraph(harness, 'kept');
      await plantGraph(harness, 'swept');
      await drive(content.pin(kept[0]));
      await drive(content.close());
      const again = (await reopen?.()) ?? content;
      expect(await drive(again.gc())).toEqual({ removed: 3 });
      expect(hex(await drive(again.get(kept[2], WANTED)))).toBe(hex(utf8('kept')));
      await drive(again.close());
    },
  },
];

export const contentStoreChecks: readonly Check<ContentStoreHarness>[] = [...blockChecks, ...pinChecks, ...lifeChecks];

/** What every `ContentStore` must do. */
export function contentStoreCompliance(
  name: string,
  make: () => ContentStoreHarness | Promise<ContentStoreHarness>,
): void {
  registerSuite(`${name} is a ContentStore`, contentStoreChecks, make);
}
