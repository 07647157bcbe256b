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
} from '@canswarm/ports';
import { type Block, type Cid, cidOf, codecOf, type Sha256 } from '@canswarm/protocol';

/**
 * A content store that lives in memory. Everything is there at once or not at all, so no deadline ever passes; there is no
 * grace period: `gc` sweeps whatever no pin reaches.
 */
export function memoryContent(sha256: Sha256): ContentStore {
  return new MemoryContent(sha256);
}

class MemoryContent implements ContentStore {
  readonly #sha256: Sha256;
  readonly #blocks = new Map<Cid, Uint8Array>();
  readonly #pins = new Set<Cid>();
  #closed = false;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  async put(bytes: Uint8Array, codec: ContentCodec): Promise<Cid> {
    this.#assertOpen();
    assertBlockSize(bytes);
    const cid = cidOf(bytes, codec, this.#sha256);
    this.#blocks.set(cid, bytes.slice());
    return cid;
  }

  async putBlocks(blocks: readonly Block[]): Promise<void> {
    this.#assertOpen();
    assertBlockCount(blocks.length);
    for (const block of blocks) {
      assertBlockSize(block.bytes);
      this.#assertMatches(block);
    }
    for (const { cid, bytes } of blocks) this.#blocks.set(cid, bytes.slice());
  }

  async get(cid: Cid, options: ContentGetOptions): Promise<Uint8Array> {
    this.#assertOpen();
    assertGetOptions(options);
    const bytes = this.#blocks.get(cid);
    if (bytes === undefined) throw new ContentError('not_found', cid, `no block ${cid}`);
    if (bytes.length > options.maxBytes) {
      throw new ContentError('too_large', cid, `${cid} has ${bytes.length} bytes, more than ${options.maxBytes}`);
    }
    this.#assertMatches({ cid, bytes });
    return bytes.slice();
  }

  async has(cid: Cid): Promise<boolean> {
    this.#assertOpen();
    return this.#blocks.has(cid);
  }

  async pin(root: Cid): Promise<void> {
    this.#assertOpen();
    this.#pins.add(root);
  }

  async unpin(root: Cid): Promise<void> {
    this.#assertOpen();
    this.#pins.delete(root);
  }

  async gc(): Promise<{ readonly removed: number }> {
    this.#assertOpen();
    const kept = this.#reachable();
    const doomed = [...this.#blocks.keys()].filter((cid) => !kept.has(cid));
    for (const cid of doomed) this.#blocks.delete(cid);
    return { removed: doomed.length };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#blocks.clear();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StorageError('closed', 'the content store is closed');
  }

  #assertMatches({ cid, bytes }: Block): void {
    if (cidOf(bytes, codecOf(cid), this.#sha256) !== cid) {
      throw new ContentError('corrupt', cid, `these bytes do not hash to ${cid}`);
    }
  }

  #reachable(): ReadonlySet<Cid> {
    const reached = new Set(this.#pins);
    // A Set iterates over what is added while it iterates, so this walks the whole graph, each block once.
    for (const cid of reached) {
      const bytes = this.#blocks.get(cid);
      if (bytes !== undefined) for (const link of linksOf({ cid, bytes })) reached.add(link);
    }
    return reached;
  }
}
