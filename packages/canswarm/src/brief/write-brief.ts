import { join } from 'node:path';
import { readBrief } from '@canswarm/brief';
import type { ContentStore } from '@canswarm/ports';
import type { Crypto } from '@canswarm/protocol';
import { BRIEF, type ProofBytes, placeOf, REPORT, RESULT } from '../proof/folder/layout.ts';
import { writeProof } from '../proof/folder/write-proof.ts';
import { type FinalResult, resultFiles } from '../proof/result-files.ts';
import { BriefError } from './events.ts';

/** What a cited brief says, in short. */
export interface BriefSummary {
  readonly statements: number;
  readonly best: readonly { readonly quote: string; readonly path: string; readonly line: number }[];
}

/** What was written. A result that is no brief has no statements, and `briefPath` is its report. */
export interface WrittenBrief extends BriefSummary {
  readonly proof: string;
  readonly resultPath: string;
  readonly briefPath: string;
}

/** A result with its proof, as bytes. */
export interface MadeBrief {
  /** Null for a result that is no brief. */
  readonly summary: BriefSummary | null;
  readonly files: ProofBytes;
}

const BEST = 5;

/** Makes the documents of a result and the files of its proof. Throws a BriefError when the result cannot be shown. */
export async function makeBrief(
  final: FinalResult,
  content: Pick<ContentStore, 'get'>,
  { sha256 }: Pick<Crypto, 'sha256'>,
): Promise<MadeBrief> {
  const result = await resultFiles(final, content, sha256);
  if (!result.ok) throw defect(`the final result is ${result.code}: ${result.detail}`);
  const { kind, files, blocks } = result;
  if (kind.name !== 'brief') return { summary: null, files };
  const read = readBrief(final.outputs[0]?.cid ?? final.need.acceptance, (cid) => blocks.get(cid));
  if (read.status !== 'found') throw defect('the final result cannot be shown');
  const { statements } = read.brief;
  const best = statements.slice(0, BEST).map(({ quote, path, lineStart }) => ({ quote, path, line: lineStart }));
  return { summary: { statements: statements.length, best }, files };
}

/** Writes a result with its proof into `out`. */
export function writeMade(out: string, { summary, files }: MadeBrief): WrittenBrief {
  const proof = join(out, 'proof');
  writeProof(proof, files);
  const report = summary === null ? REPORT : BRIEF;
  const { statements, best } = summary ?? { statements: 0, best: [] };
  return { statements, proof, resultPath: placeOf(proof, RESULT), briefPath: placeOf(proof, report), best };
}

/** Writes brief.md, result.json and proof/ into `out`. Throws a BriefError when the result cannot be shown. */
export async function writeBrief(
  out: string,
  final: FinalResult,
  content: Pick<ContentStore, 'get'>,
  crypto: Pick<Crypto, 'sha256'>,
): Promise<WrittenBrief> {
  return writeMade(out, await makeBrief(final, content, crypto));
}

const defect = (message: string): BriefError =>
  new BriefError('node_failed', message, 'This is a defect: please report it.');
