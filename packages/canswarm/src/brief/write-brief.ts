import { join } from 'node:path';
import { readBrief } from '@canswarm/brief';
import type { ContentStore } from '@canswarm/ports';
import type { ArtifactRef, Crypto, Genesis, NeedBody, NeedId } from '@canswarm/protocol';
import type { AuditEntry } from '../audit/audit-text.ts';
import { collectProofBlocks } from '../proof/collect-blocks.ts';
import { type ProofBytes, proofPath } from '../proof/layout.ts';
import { renderContent } from '../proof/render-content.ts';
import { proofBytes, writeProof } from '../proof/write-proof.ts';
import { BriefError } from './events.ts';

/** A final result and the log up to the pay of its last seat. */
export interface FinalBrief {
  readonly genesis: Genesis;
  readonly entries: readonly AuditEntry[];
  /** Digest (hex) after the last of these entries. */
  readonly digest: string;
  readonly id: NeedId;
  readonly need: NeedBody;
  readonly outputs: readonly ArtifactRef[];
  /** Whole documents go into the proof, not only what is cited. */
  readonly includeSources: boolean;
}

/** What was written. */
export interface WrittenBrief {
  readonly statements: number;
  readonly proof: string;
  readonly resultPath: string;
  readonly briefPath: string;
  readonly best: readonly { readonly quote: string; readonly path: string; readonly line: number }[];
}

/** A result with its proof, as bytes. */
export interface MadeBrief extends Pick<WrittenBrief, 'statements' | 'best'> {
  readonly files: ProofBytes;
}

const BEST = 5;

/** Makes brief.md, result.json and the files of the proof. Throws a BriefError when the result cannot be shown. */
export async function makeBrief(
  final: FinalBrief,
  content: Pick<ContentStore, 'get'>,
  { sha256 }: Pick<Crypto, 'sha256'>,
): Promise<MadeBrief> {
  const { genesis, entries, digest, id, need, outputs, includeSources } = final;
  const task = { inputs: need.inputs, acceptance: need.acceptance, outputs };
  const gas = genesis.params.proofGas;
  const collected = await collectProofBlocks(content, task, { includeSources, sha256, gas });
  if (!collected.ok) throw defect(`the final result is ${collected.code}: ${collected.detail}`);
  const blocks = new Map(collected.car.blocks.map(({ cid, bytes }) => [cid, bytes]));
  const rendered = renderContent({ blocks }, { id, need, commit: { outputs } }, digest);
  const read = readBrief(outputs[0]?.cid ?? need.acceptance, (cid) => blocks.get(cid));
  if ('ok' in rendered || read.status !== 'found') throw defect('the final result cannot be shown');
  const { statements } = read.brief;
  return {
    statements: statements.length,
    best: statements.slice(0, BEST).map(({ quote, path, lineStart }) => ({ quote, path, line: lineStart })),
    files: proofBytes({ genesis, entries, car: collected.car, ...rendered }),
  };
}

/** Writes a result with its proof into `out`. */
export function writeMade(out: string, { statements, best, files }: MadeBrief): WrittenBrief {
  const proof = join(out, 'proof');
  writeProof(proof, files);
  return { statements, proof, resultPath: proofPath(proof, 'result'), briefPath: proofPath(proof, 'brief'), best };
}

/** Writes brief.md, result.json and proof/ into `out`. Throws a BriefError when the result cannot be shown. */
export async function writeBrief(
  out: string,
  final: FinalBrief,
  content: Pick<ContentStore, 'get'>,
  crypto: Pick<Crypto, 'sha256'>,
): Promise<WrittenBrief> {
  return writeMade(out, await makeBrief(final, content, crypto));
}

const defect = (message: string): BriefError =>
  new BriefError('node_failed', message, 'This is a defect: please report it.');
