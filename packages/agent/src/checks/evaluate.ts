import { ContentError, type EvaluateOutcome, type ResultInput, type SkillContext } from '@canswarm/ports';
import { readSoundTerms, type SoundTerms, UnsoundTermsError } from '../acceptance/sound-terms.ts';
import { type Bundle, BundleError } from '../bundle/bundle.ts';
import { readBundle } from '../bundle/read-bundle.ts';
import { blockFetcher, type FetchBlock, keepingFetcher } from '../reading/fetch-blocks.ts';
import { UnsoundArtifactError } from '../reading/read-file.ts';
import { type JudgeBySchema, UnjudgeableError } from '../schema/json-schema.ts';
import type { SchemaFault } from '../schema/schema-like.ts';
import { faultLine } from '../schema/standard-schema.ts';
import { citationFaults } from './citations.ts';
import { type JudgingTools, judgeByPins } from './judge-by-pins.ts';

const REASONS_MAX = 8;
const REASON_BYTES_MAX = 256;

/** Something that makes a judgement impossible and is not the worker's fault. */
class CannotTell extends Error {}

/**
 * Judges the result of any agent by what its need declares, in this order: terms and input are sound, the output is a bundle and fits
 * its schema, its citations are true, the certificate checks hold, the pinned module agrees (`spec/12-agents.md`, judging).
 * Deterministic: seats that read the same blocks agree. `undecidable` only where the fault is not the worker's.
 */
export async function evaluateByTerms(
  subject: ResultInput,
  context: SkillContext,
  tools: JudgingTools,
): Promise<EvaluateOutcome> {
  const { task } = subject;
  const fetch = blockFetcher(context.content, context.signal);
  try {
    const terms = await readSoundTerms(task.acceptance, task.skill, fetch);
    const input = await readInput(subject, terms, fetch);
    const output = await readOutput(subject, fetch);
    if (typeof output === 'string') return failed([output]);
    const reasons = await reasonsAgainst({ subject, terms, input, output, fetch }, context, tools);
    return reasons.length === 0 ? { verdict: 'pass', reasons: [] } : failed(reasons);
  } catch (error) {
    if (error instanceof CannotTell || error instanceof UnsoundTermsError || error instanceof UnjudgeableError)
      return undecidable(error.message);
    if (error instanceof ContentError) return undecidable(`what the need names cannot be read: ${error.code}`);
    if (error instanceof UnsoundArtifactError)
      return undecidable(`what the need names is no sound artifact: ${error.message}`);
    throw error;
  }
}

/**
 * The need's own input, which fits its schema; what follows it was made by tasks before. Rejects where it is none: the requester's
 * fault.
 */
async function readInput({ task }: ResultInput, { judgeInput }: SoundTerms, fetch: FetchBlock): Promise<Bundle> {
  const [ref] = task.inputs;
  if (ref === undefined) throw new CannotTell('an agent is given an input');
  const input = await readBundle(ref, fetch).catch((error: unknown) => {
    throw error instanceof BundleError ? new CannotTell(`the input is no bundle: ${error.message}`) : error;
  });
  const faults = judgeInput(input.value);
  if (faults.length > 0) throw new CannotTell(`the input does not fit its schema: ${faultLine(faults)}`);
  return input;
}

/** The output, or why there is none: the worker's fault. */
async function readOutput({ outputs }: ResultInput, fetch: FetchBlock): Promise<Bundle | string> {
  const [ref] = outputs;
  if (ref === undefined || outputs.length !== 1) return 'an agent gives one output';
  try {
    const bundle = await readBundle(ref, fetch);
    // Whatever cannot be read of it is found here, where it is the worker's fault.
    for (const name of bundle.files.names()) await bundle.files.bytes(name);
    return bundle;
  } catch (error) {
    if (error instanceof BundleError || error instanceof UnsoundArtifactError)
      return `the output is no bundle: ${error.message}`;
    if (error instanceof ContentError) return `the output cannot be read: ${error.code}`;
    throw error;
  }
}

interface Judged {
  readonly subject: ResultInput;
  readonly terms: SoundTerms;
  readonly input: Bundle;
  readonly output: Bundle;
  readonly fetch: FetchBlock;
}

async function reasonsAgainst(
  { subject, terms: { terms, judgeOutput }, input, output, fetch }: Judged,
  { sha256, signal }: SkillContext,
  tools: JudgingTools,
): Promise<readonly string[]> {
  const faults = faultsOf(judgeOutput, output);
  if (faults.length > 0) return [`the output does not fit its schema: ${faultLine(faults)}`];
  const cited = await citationFaults(output, subject.task.inputs, keepingFetcher(fetch), sha256);
  if (cited.untrue.length > 0) return cited.untrue;
  if (cited.unsound !== null) throw new CannotTell(cited.unsound);
  const found = await judgeByPins({ terms, input, output, fetch, signal }, tools);
  if ('cannotTell' in found) throw new CannotTell(found.cannotTell);
  return found.reasons;
}

/** A worker judges its output before it commits: one that cannot be judged is no honest worker's. */
function faultsOf(judge: JudgeBySchema, { value }: Bundle): readonly SchemaFault[] {
  try {
    return judge(value);
  } catch (error) {
    if (error instanceof UnjudgeableError) return [{ path: '', reason: error.message }];
    throw error;
  }
}

const undecidable = (reason: string): EvaluateOutcome => ({ verdict: 'undecidable', reasons: [clip(reason)] });

const failed = (reasons: readonly string[]): EvaluateOutcome => ({
  verdict: 'fail',
  reasons: reasons.slice(0, REASONS_MAX).map((reason) => clip(reason)),
});

/** The beginning of a text that fits a reason, whole characters only. */
function clip(text: string): string {
  const bytes = new Uint8Array(REASON_BYTES_MAX);
  const whole = text.toWellFormed();
  return whole.slice(0, new TextEncoder().encodeInto(whole, bytes).read);
}
