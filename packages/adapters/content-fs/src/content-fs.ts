import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assertBlockCount,
  assertBlockSize,
  assertGetOptions,
  ContentError,
  type ContentGetOptions,
  type ContentStore,
  StorageError,
} from '@canswarm/ports';
import { type Block, type Cid, cidOf, parseCid } from '@canswarm/protocol';
import { BlockFiles } from './block-files.ts';
import { forEachBounded } from './bounded.ts';
import { assertMatches, sha256 } from './check-block.ts';
import { fsError, unlessMissing } from './fs-error.ts';
import { Gate } from './gate.ts';
import { type Layout, layoutOf } from './layout.ts';
import { sweep } from './sweep.ts';

/** The layout this version writes. */
const FORMAT = 1;

/** Files open at once. */
const LANES = 16;

/** Blocks hashed before other work gets a turn. */
const HASHES_A_TURN = 64;

export interface ContentFsOptions {
  /** The store's folder; made when it is missing. Processes and threads may share it. */
  readonly dir: string;
  /** Whether `put` waits until blocks and pins are on the disk. Default false: they survive a crash, not a power failure. */
  readonly sync?: boolean;
  /** How long `gc` leaves young blocks alone, in milliseconds, for writers that have not pinned yet. Default 15 minutes. */
  readonly graceMs?: number;
}

/** Opens a content store in a folder. Rejects with StorageError, `newer` when a newer version of this software wrote it. */
export async function contentFs({ dir, sync = false, graceMs = 900_000 }: ContentFsOptions): Promise<ContentStore> {
  const layout = layoutOf(dir);
  try {
    await prepare(layout, dir);
  } catch (error) {
    throw fsError(error, dir);
  }
  return new ContentFs({ dir, sync, graceMs }, layout);
}

async function prepare(layout: Layout, dir: string): Promise<void> {
  for (const folder of [layout.blocks, layout.pins, layout.temporary]) await mkdir(folder, { recursive: true });
  const text = await unlessMissing(readFile(layout.format, 'utf8'));
  if (text === null) {
    // Renamed into place, so that another process opening the same new store never reads half of it.
    const draft = join(layout.temporary, `format-${randomUUID()}`);
    await writeFile(draft, `${FORMAT}\n`);
    await rename(draft, layout.format);
    return;
  }
  const format = Number(text);
  if (!Number.isSafeInteger(format) || format < 1) {
    throw new StorageError('invalid', `${dir} is no content store: choose another folder`);
  }
  if (format > FORMAT) {
    throw new StorageError(
      'newer',
      `${dir} was written by a newer version of this software (format ${format}, known up to ${FORMAT}): ` +
        'upgrade, or choose another folder',
    );
  }
}

class ContentFs implements ContentStore {
  readonly #options: Required<ContentFsOptions>;
  readonly #layout: Layout;
  readonly #files: BlockFiles;
  readonly #gate = new Gate();

  constructor(options: Required<ContentFsOptions>, layout: Layout) {
    this.#options = options;
    this.#layout = layout;
    this.#files = new BlockFiles({ layout, sync: options.sync, writer: randomUUID() });
  }

  async put(bytes: Uint8Array, codec: 'raw' | 'dag-cbor' | 'dag-pb'): Promise<Cid> {
    this.#gate.assertOpen();
    assertBlockSize(bytes);
    const own = bytes.slice();
    const cid = cidOf(own, codec, sha256);
    await this.#shared(() => this.#files.write({ cid, bytes: own }));
    return cid;
  }

  async putBlocks(blocks: readonly Block[]): Promise<void> {
    this.#gate.assertOpen();
    assertBlockCount(blocks.length);
    const unique = new Map<Cid, Uint8Array>();
    for (const { cid, bytes } of blocks) {
      assertBlockSize(bytes);
      unique.set(cid, bytes.slice());
    }
    const own = Array.from(unique, ([cid, bytes]): Block => ({ cid, bytes }));
    await this.#shared(async () => {
      await checkAll(own);
      await forEachBounded(own, LANES, (block) => this.#files.write(block));
    });
  }

  async get(cid: Cid, options: ContentGetOptions): Promise<Uint8Array> {
    this.#gate.assertOpen();
    assertGetOptions(options);
    const bytes = await withDeadline(
      this.#attempt(() => this.#files.read(cid, options.maxBytes)),
      cid,
      options.deadlineMs,
    );
    if (bytes === null) throw new ContentError('not_found', cid, `no block ${cid} in ${this.#options.dir}`);
    return bytes;
  }

  async has(cid: Cid): Promise<boolean> {
    this.#gate.assertOpen();
    return this.#attempt(() => this.#files.has(cid));
  }

  pin(root: Cid): Promise<void> {
    return this.#shared(() => writeFile(this.#layout.pinOf(root), '', { flush: this.#options.sync }));
  }

  unpin(root: Cid): Promise<void> {
    return this.#shared(() => rm(this.#layout.pinOf(root), { force: true }));
  }

  async gc(): Promise<{ readonly removed: number }> {
    const { graceMs } = this.#options;
    const pins = async (): Promise<readonly Cid[]> =>
      (await readdir(this.#layout.pins)).flatMap((name) => parseCid(name) ?? []);
    const removed = await this.#gate.exclusive(() =>
      this.#attempt(() => sweep({ files: this.#files, pins, graceMs, nowMs: Date.now() })),
    );
    return { removed };
  }

  close(): Promise<void> {
    return this.#gate.close();
  }

  #shared<T>(work: () => Promise<T>): Promise<T> {
    return this.#gate.shared(() => this.#attempt(work));
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fsError(error, this.#options.dir);
    }
  }
}

/** Throws ContentError `corrupt` for the first block that does not match, in turns that leave room for other work. */
async function checkAll(blocks: readonly Block[]): Promise<void> {
  for (const [index, block] of blocks.entries()) {
    assertMatches(block);
    if (index % HASHES_A_TURN === HASHES_A_TURN - 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function withDeadline<T>(work: Promise<T>, cid: Cid, deadlineMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new ContentError('deadline', cid, `${cid} was not read in ${deadlineMs} ms`)),
    deadlineMs,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
