import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTENT_BLOCK_BYTES_MAX, ContentError } from '@canswarm/ports';
import { type Block, type Cid, parseCid } from '@canswarm/protocol';
import { matches } from './check-block.ts';
import { unlessMissing } from './fs-error.ts';
import type { Layout } from './layout.ts';

export interface BlockFilesOptions {
  readonly layout: Layout;
  /** Wait until a block is on the disk before it counts as written. */
  readonly sync: boolean;
  /** Tells this writer's temporary files from those of other processes, threads and handles. */
  readonly writer: string;
}

/** The blocks of one store as files. Errors of the operating system come out as they are. */
export class BlockFiles {
  readonly #options: BlockFilesOptions;
  #written = 0;

  constructor(options: BlockFilesOptions) {
    this.#options = options;
  }

  /** The block's bytes, checked; null when there is no such file. Throws ContentError `too_large` or `corrupt`. */
  async read(cid: Cid, maxBytes: number): Promise<Uint8Array | null> {
    const file = await unlessMissing(open(this.#options.layout.blockOf(cid)));
    if (file === null) return null;
    try {
      const { size } = await file.stat();
      if (size > CONTENT_BLOCK_BYTES_MAX) throw new ContentError('corrupt', cid, `the file of ${cid} is too large`);
      if (size > maxBytes) throw new ContentError('too_large', cid, `${cid} has ${size} bytes, more than ${maxBytes}`);
      const bytes = new Uint8Array(size);
      const { bytesRead } = await file.read(bytes, 0, size, 0);
      if (bytesRead !== size || !matches(cid, bytes)) {
        throw new ContentError('corrupt', cid, `what is stored as ${cid} does not hash to it`);
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  async has(cid: Cid): Promise<boolean> {
    return (await unlessMissing(stat(this.#options.layout.blockOf(cid)))) !== null;
  }

  /**
   * Writes a block that is known to match: under a temporary name, then renamed, so that nobody ever sees half of it. One
   * that is there and sound is only made young again.
   */
  async write(block: Block): Promise<void> {
    if ((await this.#isSound(block)) && (await this.#makeYoung(block.cid))) return;
    const { layout, sync, writer } = this.#options;
    this.#written += 1;
    const temporary = join(layout.temporary, `${writer}-${this.#written}`);
    try {
      await writeFile(temporary, block.bytes, { flag: 'wx', flush: sync });
      await this.#place(temporary, block.cid);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #isSound({ cid, bytes }: Block): Promise<boolean> {
    try {
      return (await this.read(cid, bytes.length)) !== null;
    } catch (error) {
      if (error instanceof ContentError) return false;
      throw error;
    }
  }

  /** False when a sweep of another process was faster. */
  async #makeYoung(cid: Cid): Promise<boolean> {
    const now = new Date();
    return (await unlessMissing(utimes(this.#options.layout.blockOf(cid), now, now))) !== null;
  }

  async #place(temporary: string, cid: Cid): Promise<void> {
    const { layout, sync } = this.#options;
    const path = layout.blockOf(cid);
    if ((await unlessMissing(rename(temporary, path))) === null) {
      await mkdir(layout.shardOf(cid), { recursive: true });
      await rename(temporary, path);
    }
    if (sync) await syncFolder(layout.shardOf(cid));
  }

  /** Every block with the time it was last written, in milliseconds since 1970. Files of other names are passed over. */
  async *list(): AsyncGenerator<{ readonly cid: Cid; readonly writtenMs: number }> {
    const { layout } = this.#options;
    for (const shard of await readdir(layout.blocks)) {
      for (const name of (await unlessMissing(readdir(join(layout.blocks, shard)))) ?? []) {
        const cid = parseCid(name);
        const found = cid === undefined ? null : await unlessMissing(stat(layout.blockOf(cid)));
        if (cid !== undefined && found !== null) yield { cid, writtenMs: found.mtimeMs };
      }
    }
  }

  async remove(cid: Cid): Promise<void> {
    await rm(this.#options.layout.blockOf(cid), { force: true });
  }

  /** Removes what writers that died before that time left behind. */
  async removeTemporary(beforeMs: number): Promise<void> {
    const { temporary } = this.#options.layout;
    for (const name of await readdir(temporary)) {
      const path = join(temporary, name);
      const found = await unlessMissing(stat(path));
      if (found !== null && found.mtimeMs < beforeMs) await rm(path, { force: true });
    }
  }
}

/** A rename is on the disk once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
