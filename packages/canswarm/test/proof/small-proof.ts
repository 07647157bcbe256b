import { toHex } from '@canswarm/protocol';
import { collectProofBlocks } from '../../src/proof/collect-blocks.ts';
import type { ProofBytes } from '../../src/proof/layout.ts';
import { renderContent } from '../../src/proof/render-content.ts';
import { type ProofParts, proofBytes } from '../../src/proof/write-proof.ts';
import { type SmallContent, smallContent } from './small-content.ts';
import { crypto, type SmallLog, smallLog } from './small-log.ts';

const { sha256 } = crypto;

/** A whole proof of a few kilobytes, and what it was made from. */
export interface SmallProof {
  readonly small: SmallContent;
  readonly log: SmallLog;
  readonly parts: ProofParts;
  readonly files: ProofBytes;
}

export async function smallProof(includeSources = false): Promise<SmallProof> {
  const small = await smallContent();
  const { log, need } = smallLog(small.task);
  const collected = await collectProofBlocks(small.content, small.task, { includeSources, sha256, gas: 100_000 });
  if (!collected.ok) throw new Error(collected.detail);
  const blocks = new Map(collected.car.blocks.map(({ cid, bytes }) => [cid, bytes]));
  const { inputs, acceptance, goal, outputs } = small.task;
  const about = { id: need, need: { inputs, acceptance, goal }, commit: { outputs } };
  const documents = renderContent({ blocks }, about as never, toHex(log.state.digest));
  if ('code' in documents) throw new Error(documents.detail);
  const parts = { genesis: log.genesis, entries: log.entries, car: collected.car, ...documents };
  return { small, log, parts, files: proofBytes(parts) };
}
