import type { CarContents } from '@canswarm/content-fs';
import { CONTENT_BLOCK_BYTES_MAX, type ContentStore } from '@canswarm/ports';
import type { Block, Sha256 } from '@canswarm/protocol';
import { type ProofContent, type ProofTask, proofRoots } from './proof-content.ts';
import type { ContentFault } from './walk-blocks.ts';
import { walkContent } from './walk-content.ts';

export interface CollectOptions {
  readonly includeSources: boolean;
  readonly sha256: Sha256;
  /** Gas of judging one record: the network's `proofGas`. */
  readonly gas: number;
  /** Longest wait for one block, ms. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

const DEADLINE_MS = 10_000;

/** What goes into a proof's CAR, and what it says; or why there is nothing to prove. Passes through what the store throws. */
export async function collectProofBlocks(
  content: Pick<ContentStore, 'get'>,
  task: ProofTask,
  options: CollectOptions,
): Promise<{ readonly ok: true; readonly car: CarContents; readonly content: ProofContent } | ContentFault> {
  const limits = { deadlineMs: options.deadlineMs ?? DEADLINE_MS, maxBytes: CONTENT_BLOCK_BYTES_MAX };
  const blocks: Block[] = [];
  const walk = walkContent(task, options);
  let step = walk.next();
  while (step.done !== true) {
    options.signal?.throwIfAborted();
    const cid = step.value;
    const bytes = await content.get(cid, limits);
    blocks.push({ cid, bytes });
    step = walk.next(bytes);
  }
  if (!step.value.ok) return step.value;
  return { ok: true, car: { roots: proofRoots(task), blocks }, content: step.value };
}
