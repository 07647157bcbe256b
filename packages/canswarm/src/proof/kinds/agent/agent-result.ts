import {
  type AgentTerms,
  BundleError,
  type HeldBundle,
  heldBundle,
  heldFile,
  type SoundTerms,
  soundTerms,
  termsFor,
  UnjudgeableError,
  UnsoundArtifactError,
  UnsoundTermsError,
} from '@canswarm/agent';
import type { ArtifactRef, BlockSource, Cid } from '@canswarm/protocol';
import { type ProofFault, proofFault } from '../../proof-fault.ts';
import type { ResultFacts } from '../result-kind.ts';

/** A file of a result with its content. */
export interface ResultFile {
  readonly name: string;
  readonly cid: Cid;
  readonly bytes: Uint8Array;
}

/** An agent's result as blocks give it, judged by the schema that its need declares. */
export interface AgentResult extends Omit<HeldBundle, 'files'> {
  readonly ok: true;
  readonly terms: AgentTerms;
  /** In the order of the UTF-8 bytes of their names. */
  readonly files: readonly ResultFile[];
}

/**
 * Reads an agent's result from the blocks of its proof: the terms are sound and those of the need's skill, there is one output, it is a
 * bundle, and its value fits the schema. All that a committee can judge without the input and without running anything, but for the
 * citations, which were followed with the blocks.
 */
export function readAgentResult(
  blocks: ReadonlyMap<Cid, Uint8Array>,
  { need, commit }: Pick<ResultFacts, 'need' | 'commit'>,
): AgentResult | ProofFault {
  const [output, second] = commit.outputs;
  if (output === undefined || second !== undefined)
    return proofFault('artifacts', 'not_a_bundle', `an agent gives one artifact, not ${commit.outputs.length}`);
  const get: BlockSource = (cid) => blocks.get(cid);
  const read = readTerms(need, get);
  if ('code' in read) return read;
  const bundle = readOutput(output, get);
  if ('code' in bundle) return bundle;
  const unfit = schemaFault(read, bundle);
  if (unfit !== null) return proofFault('artifacts', 'output_unfit', unfit, { cid: output.cid });
  return { ok: true, terms: read.terms, ...bundle };
}

function readTerms({ acceptance, skill }: ResultFacts['need'], get: BlockSource): SoundTerms | ProofFault {
  try {
    const read = termsFor(skill, get(acceptance) ?? new Uint8Array());
    const { inputSchema, outputSchema } = read.terms;
    return soundTerms(read, { input: heldFile(inputSchema, get), output: heldFile(outputSchema, get) });
  } catch (error) {
    if (error instanceof UnsoundTermsError || error instanceof UnsoundArtifactError)
      return proofFault('artifacts', 'terms_unsound', error.message, { cid: acceptance });
    throw error;
  }
}

function readOutput(
  output: ArtifactRef,
  get: BlockSource,
): Pick<AgentResult, 'value' | 'files' | 'citations'> | ProofFault {
  try {
    const { value, files, citations } = heldBundle(output, get);
    const read = files.map(({ name, cid, size }) => ({ name, cid, bytes: heldFile({ cid, size }, get) }));
    return { value, citations, files: read };
  } catch (error) {
    if (error instanceof BundleError || error instanceof UnsoundArtifactError)
      return proofFault('artifacts', 'not_a_bundle', error.message, { cid: output.cid });
    throw error;
  }
}

function schemaFault({ judgeOutput }: SoundTerms, { value }: Pick<AgentResult, 'value'>): string | null {
  try {
    const [fault] = judgeOutput(value);
    return fault === undefined ? null : `the output does not fit its schema: ${fault.path} ${fault.reason}`;
  } catch (error) {
    if (error instanceof UnjudgeableError) return error.message;
    throw error;
  }
}
