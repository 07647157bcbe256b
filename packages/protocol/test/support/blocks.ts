import {
  type Block,
  type BlockSource,
  buildFile,
  buildRecord,
  type Cid,
  type DagValue,
  type TreeEntry,
} from '../../src/index.ts';
import { sha256 } from './crypto.ts';

/** Blocks at hand, some of which a test may take away or replace. */
export class Blocks {
  readonly held = new Map<Cid, Uint8Array>();
  readonly read = new Set<Cid>();

  readonly get: BlockSource = (cid) => {
    this.read.add(cid);
    return this.held.get(cid);
  };

  add(blocks: readonly Block[]): void {
    for (const { cid, bytes } of blocks) this.held.set(cid, bytes);
  }

  file(key: string, bytes: Uint8Array): TreeEntry {
    const { cid, leaves, size, blocks } = buildFile(bytes, sha256);
    this.add(blocks);
    return { key, cid, leaves, size };
  }

  record(key: string, value: DagValue): TreeEntry {
    const { cid, leaves, size, bytes } = buildRecord(value, sha256);
    this.add([{ cid, bytes }]);
    return { key, cid, leaves, size };
  }
}

/** `length` bytes that differ from block to block. */
export function pattern(length: number, salt = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) bytes[i] = (i * 31 + (i >> 9) * 7 + salt) & 255;
  return bytes;
}
