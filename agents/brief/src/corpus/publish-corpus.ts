import type { ContentStore } from '@canswarm/ports';
import { type ArtifactRef, type Block, buildFile, buildTree, type Sha256, type TreeEntry } from '@canswarm/protocol';
import type { FolderDocument } from './scan-folder.ts';

/** Blocks are handed over when they come to this many bytes: far below what one call may hold, few enough calls. */
const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_BLOCKS = 8192;

/**
 * Puts documents into a content store as one artifact: a tree of files by path. Throws a RangeError when there are none.
 * The same documents always give the same artifact. Nothing is pinned.
 */
export async function publishCorpus(
  store: ContentStore,
  documents: readonly FolderDocument[],
  sha256: Sha256,
): Promise<ArtifactRef> {
  const entries: TreeEntry[] = [];
  let batch: Block[] = [];
  let batchBytes = 0;
  for (const { path, bytes } of documents) {
    const file = buildFile(bytes, sha256);
    entries.push({ key: path, cid: file.cid, leaves: file.leaves, size: file.size });
    batch.push(...file.blocks);
    batchBytes += file.size;
    if (batchBytes >= BATCH_BYTES || batch.length >= BATCH_BLOCKS) {
      await store.putBlocks(batch);
      batch = [];
      batchBytes = 0;
    }
  }
  const tree = buildTree(entries, sha256);
  await store.putBlocks([...batch, ...tree.blocks]);
  return tree.ref;
}
