import { createHash } from 'node:crypto';
import { type ApiClient, ApiError, bytesOf, type NeedResult } from '@canswarm/api';
import { type WrittenBrief, writeMade } from '../brief/write-brief.ts';
import { BYTES_MAX, insidePath, isProofPath, PROOF_FILE_KEYS } from '../proof/folder/layout.ts';

/** A result as written to a folder, with who was paid. Amounts are micro-credits. */
export interface WrittenResult
  extends WrittenBrief,
    Pick<NeedResult, 'needId' | 'network' | 'digest' | 'stateRoot' | 'entries' | 'slashed' | 'paid'> {}

export interface SaveOptions {
  /** The need, or the end of its id. */
  readonly id: string;
  /** Folder that gets the result, its report and proof/. */
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
  const { stage, files: listed, brief: summary, ...facts } = await client.needResult(asked, options);
  const lacking = PROOF_FILE_KEYS.find((file) => !listed.some(({ name }) => name === insidePath(file)));
  if (lacking !== undefined) throw broken(`${insidePath(lacking)} lacks`);
  const files = new Map<string, Uint8Array>();
  for (const { name, bytes: size, sha256 } of listed) {
    if (!isProofPath(name)) throw broken(`it names a file of no proof: ${JSON.stringify(name).slice(0, 100)}`);
    const bytes = await bytesOf(
      await client.needResultFile({ ...asked, name }, options),
      Math.min(size, BYTES_MAX.audit),
    );
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw broken(`${name} is another`);
    files.set(name, bytes);
  }
  return { ...facts, ...writeMade(out, { summary, files }) };
}

const broken = (what: string): ApiError =>
  new ApiError(200, 'answer_broken', `the result cannot be written: ${what}`, 'Is it the same version of canswarm?');
