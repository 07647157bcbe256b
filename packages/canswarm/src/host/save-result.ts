import { createHash } from 'node:crypto';
import { type ApiClient, ApiError, bytesOf, type NeedResult } from '@canswarm/api';
import { type WrittenBrief, writeMade } from '../brief/write-brief.ts';
import { PROOF_BYTES_MAX, PROOF_FILE_KEYS, type ProofBytes, type ProofFile, proofName } from '../proof/layout.ts';

/** A result as written to a folder, with who was paid. Amounts are micro-credits. */
export interface WrittenResult
  extends WrittenBrief,
    Pick<NeedResult, 'needId' | 'network' | 'digest' | 'stateRoot' | 'entries' | 'slashed' | 'paid'> {}

export interface SaveOptions {
  /** The need, or the end of its id. */
  readonly id: string;
  /** Folder that gets brief.md, result.json and proof/. */
  readonly out: string;
  readonly includeSources: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Takes a final result with its proof from a node and writes it to a folder of this machine. Rejects with an ApiError, and passes
 * file system errors through.
 */
export async function saveResult(client: ApiClient, { out, signal, ...asked }: SaveOptions): Promise<WrittenResult> {
  const options = signal === undefined ? {} : { signal };
  const { stage, files: listed, brief, ...facts } = await client.needResult(asked, options);
  if (brief === null) throw broken('it is no brief');
  const files: Partial<Record<ProofFile, Uint8Array>> = {};
  for (const file of PROOF_FILE_KEYS) {
    const name = proofName(file);
    const due = listed.find((one) => one.name === name);
    if (due === undefined) throw broken(`${name} lacks`);
    const bytes = await bytesOf(await client.needResultFile({ ...asked, name }, options), PROOF_BYTES_MAX[file]);
    if (createHash('sha256').update(bytes).digest('hex') !== due.sha256) throw broken(`${name} is another`);
    files[file] = bytes;
  }
  return { ...facts, ...writeMade(out, { ...brief, files: files as ProofBytes }) };
}

const broken = (what: string): ApiError =>
  new ApiError(200, 'answer_broken', `the result cannot be written: ${what}`, 'Is it the same version of canswarm?');
