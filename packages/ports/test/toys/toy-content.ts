import { type Block, type Cid, cidOf, codecOf } from '@canswarm/protocol';
import type { ContentStoreHarness } from '../../src/compliance/index.ts';
import {
  assertBlockCount,
  assertBlockSize,
  assertGetOptions,
  type ContentCodec,
  ContentError,
  type ContentGetOptions,
  type ContentStore,
  linksOf,
  StorageError,
} from '../../src/index.ts';
import { sha256, toyWorld } from './toy-world.ts';

export type ContentFault =
  | 'ignores the codec'
  | 'gives nothing for what it lacks'
  | 'ignores sizes'
  | 'shares its arrays'
  | 'loses blocks of large batches'
  | 'trusts what is put'
  | 'trusts what is stored'
  | 'ignores links'
  | 'counts pins'
  | 'removes what is unpinned'
  | 'works after its close'
  | 'forgets on close';

interface Disk {
  readonly blocks: Map<Cid, Uint8Array>;
  readonly pins: Cid[];
}

class ToyContent implements ContentStore {
  readonly #disk: Disk;
  readonly #fault: ContentFault | null;
  #closed = false;

  constructor(disk: Disk, fault: ContentFault | null) {
    this.#disk = disk;
    this.#fault = fault;
  }

  #copy(bytes: Uint8Array): Uint8Array {
    return this.#fault === 'shares its arrays' ? bytes : bytes.slice();
  }

  async put(bytes: Uint8Array, codec: ContentCodec): Promise<Cid> {
    this.#assertOpen();
    if (this.#fault !== 'ignores sizes') assertBlockSize(bytes);
    const cid = cidOf(bytes, this.#fault === 'ignores the codec' ? 'raw' : codec, sha256);
    this.#disk.blocks.set(cid, this.#copy(bytes));
    return cid;
  }

  async putBlocks(blocks: readonly Block[]): Promise<void> {
    this.#assertOpen();
    assertBlockCount(blocks.length);
    if (this.#fault !== 'trusts what is put') blocks.forEach(assertMatches);
    const kept = this.#fault === 'loses blocks of large batches' ? blocks.slice(0, 1000) : blocks;
    for (const { cid, bytes } of kept) this.#disk.blocks.set(cid, this.#copy(bytes));
  }

  async get(cid: Cid, options: ContentGetOptions): Promise<Uint8Array> {
    this.#assertOpen();
    assertGetOptions(options);
    const bytes = this.#disk.blocks.get(cid);
    if (bytes === undefined) {
      if (this.#fault === 'gives nothing for what it lacks') return new Uint8Array(0);
      throw new ContentError('not_found', cid, 'the toy does not have it');
    }
    if (bytes.length > options.maxBytes && this.#fault !== 'ignores sizes') {
      throw new ContentError('too_large', cid, 'the toy has more than that');
    }
    if (this.#fault !== 'trusts what is stored') assertMatches({ cid, bytes });
    return this.#copy(bytes);
  }

  async has(cid: Cid): Promise<boolean> {
    this.#assertOpen();
    return this.#disk.blocks.has(cid);
  }

  async pin(root: Cid): Promise<void> {
    this.#assertOpen();
    if (this.#fault === 'counts pins' || !this.#disk.pins.includes(root)) this.#disk.pins.push(root);
  }

  async unpin(root: Cid): Promise<void> {
    this.#assertOpen();
    const at = this.#disk.pins.indexOf(root);
    if (at >= 0) this.#disk.pins.splice(at, 1);
    if (this.#fault === 'counts pins') return;
    if (this.#fault === 'removes what is unpinned') {
      for (const cid of this.#reached([root])) this.#disk.blocks.delete(cid);
    }
  }

  async gc(): Promise<{ readonly removed: number }> {
    this.#assertOpen();
    const kept = this.#fault === 'ignores links' ? new Set(this.#disk.pins) : this.#reached(this.#disk.pins);
    const doomed = [...this.#disk.blocks.keys()].filter((cid) => !kept.has(cid));
    for (const cid of doomed) this.#disk.blocks.delete(cid);
    return { removed: doomed.length };
  }

  #reached(roots: readonly Cid[]): ReadonlySet<Cid> {
    const reached = new Set(roots);
    for (const cid of reached) {
      const bytes = this.#disk.blocks.get(cid);
      for (const link of bytes === undefined ? [] : linksOf({ cid, bytes })) reached.add(link);
    }
    return reached;
  }

  async close(): Promise<void> {
    this.#closed = this.#fault !== 'works after its close';
    if (this.#fault === 'forgets on close') this.#disk.blocks.clear();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StorageError('closed', 'the toy is closed');
  }
}

function assertMatches({ cid, bytes }: Block): void {
  if (cidOf(bytes, codecOf(cid), sha256) !== cid) throw new ContentError('corrupt', cid, 'the toy has other bytes');
}

export function toyContent(fault: ContentFault | null): ContentStoreHarness {
  const disk: Disk = { blocks: new Map(), pins: [] };
  const open = (): ContentStore => new ToyContent(disk, fault);
  return {
    ...toyWorld(),
    content: open(),
    sha256,
    tamper: async (cid) => void disk.blocks.get(cid)?.fill(0),
    reopen: async () => open(),
  };
}
