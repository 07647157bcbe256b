import { createHash } from 'node:crypto';
import { type ApiClient, ApiError, bytesOf, type NeedResult } from '@canswarm/api';
import { type MadeBrief, type WrittenBrief, writeMade } from '../brief/write-brief.ts';
import {
  BYTES_MAX,
  insidePath,
  isProofPath,
  PROOF,
  PROOF_FILE_KEYS,
  type ProofBytes,
  placeOf,
} from '../proof/folder/layout.ts';

/** A result as written to a folder, with who was paid. Amounts are micro-credits. */
export interface WrittenResult
  extends WrittenBrief,
    Pick<NeedResult, 'needId' | 'network' | 'digest' | 'stateRoot' | 'entries' | 'slashed' | 'paid'> {
  /** What was written beside the proof. */
  readonly paths: readonly string[];
}

export interface TakeOptions {
  /** The need, or the end of its id. */
  readonly id: string;
  readonly includeSources: boolean;
  readonly signal?: AbortSignal;
}

export interface SaveOptions extends TakeOptions {
  /** Folder that gets the result, its report and proof/. */
  readonly out: string;
}

/** A final result with its proof, as a node gave it. */
interface TakenResult {
  readonly made: MadeBrief;
  readonly files: ProofBytes;
  readonly facts: Omit<NeedResult, 'stage' | 'files' | 'brief'>;
}

/**
 * Takes a final result with its proof from a node and writes it to a folder of this machine. Rejects with an ApiError, and passes
 * file system errors through.
 */
export async function saveResult(client: ApiClient, { out, ...options }: SaveOptions): Promise<WrittenResult> {
  const { facts, made } = await takeResult(client, options);
  const written = writeMade(out, made);
  const beside = [...made.files.keys()].filter((path) => !path.startsWith(`${PROOF}/`));
  return { ...facts, ...written, paths: beside.map((path) => placeOf(written.proof, path)) };
}

/** Takes a final result with its proof from a node: each file as long and with the hash that was said. Rejects with an ApiError. */
export async function takeResult(client: ApiClient, { signal, ...asked }: TakeOptions): Promise<TakenResult> {
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
  return { made: { summary, files }, files, facts };
}

const broken = (what: string): ApiError =>
  new ApiError(200, 'answer_broken', `the result cannot be written: ${what}`, 'Is it the same version of canswarm?');
