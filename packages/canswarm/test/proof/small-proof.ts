import type { CarContents } from '@canswarm/content-fs';
import { toHex } from '@canswarm/protocol';
import { collectProofBlocks } from '../../src/proof/collect-blocks.ts';
import { insidePath, type ProofBytes, type ProofFile } from '../../src/proof/folder/layout.ts';
import { resultFiles } from '../../src/proof/result-files.ts';
import { smallAgentContent } from './small-agent.ts';
import { type SmallContent, smallContent } from './small-content.ts';
import { crypto, type SmallLog, smallLog } from './small-log.ts';

const { sha256 } = crypto;

/** A whole proof of a few kilobytes, and what it was made from. */
export interface SmallProof {
  readonly small: SmallContent;
  readonly log: SmallLog;
  readonly car: CarContents;
  readonly files: ProofBytes;
}

/** Of a brief. */
export const smallProof = async (includeSources = false): Promise<SmallProof> =>
  proofOf(await smallContent(), includeSources);

/** Of a brief, from a log of three lives. */
export const livesProof = async (): Promise<SmallProof> => proofOf(await smallContent(), false, 3);

/** Of an agent's result. */
export const smallAgentProof = async (includeSources = false): Promise<SmallProof> =>
  proofOf(await smallAgentContent(), includeSources);

/** Of any content that can be proven. */
export async function proofOf(small: SmallContent, includeSources = false, lives: 1 | 3 = 1): Promise<SmallProof> {
  const { log, need: id } = smallLog(small.task, lives);
  const { inputs, acceptance, goal, skill, outputs } = small.task;
  const { genesis, entries } = log;
  const need = { inputs, acceptance, goal, skill } as never;
  const [requester, worker] = [log.requester.signer.did, log.worker.signer.did];
  const digest = toHex(log.state.digest);
  const final = { genesis, entries, digest, id, need, requester, worker, outputs, includeSources };
  const result = await resultFiles(final, small.content, sha256);
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  const collected = await collectProofBlocks(small.content, small.task, { includeSources, sha256, gas: 100_000 });
  if (!collected.ok) throw new Error(collected.detail);
  return { small, log, car: collected.car, files: result.files };
}

/** The files of a proof with some of them changed: those of the proof folder by their short names, others by path. */
export function withFiles(files: ProofBytes, changes: Readonly<Record<string, Uint8Array>>): ProofBytes {
  const changed = new Map(files);
  for (const [name, bytes] of Object.entries(changes)) {
    const path = ['genesis', 'audit', 'artifacts'].includes(name) ? insidePath(name as ProofFile) : name;
    changed.set(path, bytes);
  }
  return changed;
}
