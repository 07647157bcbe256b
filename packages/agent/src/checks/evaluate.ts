import { ContentError, type EvaluateOutcome, type ResultInput, type Sandbox, type SkillContext } from '@canswarm/ports';
import { type FileRef, fromUtf8 } from '@canswarm/protocol';
import { type AgentTerms, readTerms } from '../acceptance/agent-acceptance.ts';
import { type Bundle, BundleError, readBundle } from '../bundle/bundle.ts';
import { parseJson } from '../json.ts';
import { blockFetcher, type FetchBlock, keepingFetcher } from '../reading/fetch-blocks.ts';
import { readFile, UnsoundArtifactError } from '../reading/read-file.ts';
import { type JudgeBySchema, judgeBySchema } from '../schema/json-schema.ts';
import type { JsonSchema } from '../schema/schema-like.ts';
import { faultLine, SCHEMA_BYTES_MAX } from '../schema/standard-schema.ts';
import type { CertificateChecks } from './certificates.ts';
import { citationFaults } from './citations.ts';
import { judgeByModule } from './run-module.ts';

const SOURCE_BYTES_MAX = 1_048_576;
const REASONS_MAX = 8;
const REASON_BYTES_MAX = 256;

/** What a seat judges with besides the terms of the need. */
export interface JudgingTools {
  readonly checks: CertificateChecks;
  readonly sandbox: Sandbox;
}

/** Something that makes a judgement impossible and is not the worker's fault. */
class CannotTell extends Error {}

/**
 * Judges the result of any agent by what its need declares, in this order: the output is a bundle and fits its schema, its citations
 * are true, the certificate checks hold, the pinned module agrees (`spec/12-agents.md`, judging). Deterministic: seats that read the
 * same blocks agree. `undecidable` only where the fault is not the worker's.
 */
export async function evaluateByTerms(
  subject: ResultInput,
  context: SkillContext,
  tools: JudgingTools,
): Promise<EvaluateOutcome> {
  const fetch = blockFetcher(context.content, context.signal);
  try {
    const terms = await termsOfNeed(subject, fetch);
    const input = await readInput(subject, fetch);
    const output = await readOutput(subject, fetch);
    if (typeof output === 'string') return failed([output]);
    const reasons = await reasonsAgainst({ subject, terms, input, output, fetch }, context, tools);
    return reasons.length === 0 ? { verdict: 'pass', reasons: [] } : failed(reasons);
  } catch (error) {
    if (error instanceof CannotTell) return undecidable(error.message);
    if (error instanceof ContentError) return undecidable(`the input cannot be read: ${error.code}`);
    if (error instanceof UnsoundArtifactError) return undecidable(`the input is no sound artifact: ${error.message}`);
    throw error;
  }
}

async function termsOfNeed({ task }: ResultInput, fetch: FetchBlock): Promise<AgentTerms> {
  const read = readTerms(await fetch(task.acceptance));
  if (read === undefined) throw new CannotTell('the acceptance is not that of an agent');
  if (read.terms.skill !== task.skill) throw new CannotTell('the acceptance is of another skill');
  return read.terms;
}

/** The one input of a need for an agent. Rejects where it is none: the requester's fault. */
async function readInput({ task }: ResultInput, fetch: FetchBlock): Promise<Bundle> {
  const [ref] = task.inputs;
  if (ref === undefined || task.inputs.length !== 1) throw new CannotTell('an agent is given one input');
  return readBundle(ref, fetch).catch((error: unknown) => {
    throw error instanceof BundleError ? new CannotTell(`the input is no bundle: ${error.message}`) : error;
  });
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
  readonly terms: AgentTerms;
  readonly input: Bundle;
  readonly output: Bundle;
  readonly fetch: FetchBlock;
}

async function reasonsAgainst(
  { subject, terms, input, output, fetch }: Judged,
  { sha256, signal }: SkillContext,
  { checks, sandbox }: JudgingTools,
): Promise<readonly string[]> {
  const inputFaults = (await judgeOf(terms.inputSchema, fetch))(input.value);
  if (inputFaults.length > 0) throw new CannotTell(`the input does not fit its schema: ${faultLine(inputFaults)}`);
  const faults = (await judgeOf(terms.outputSchema, fetch))(output.value);
  if (faults.length > 0) return [`the output does not fit its schema: ${faultLine(faults)}`];
  const untrue = await citationFaults(output, subject.task.inputs, keepingFetcher(fetch), sha256);
  if (untrue.length > 0) return untrue;
  for (const name of terms.checks) {
    const check = checks.get(name);
    if (check === undefined) throw new CannotTell(`this seat knows no check "${name}"`);
    const reasons = await check.check({ input, output, signal });
    if (reasons.length > 0) return reasons.map((reason) => `${name}: ${reason}`);
  }
  if (terms.module === null) return [];
  const source = await textOf(terms.module.source, fetch, SOURCE_BYTES_MAX, 'the pinned module');
  const found = await judgeByModule(sandbox, terms.module, { input, output, source });
  if ('cannotTell' in found) throw new CannotTell(found.cannotTell);
  return found.reasons;
}

async function judgeOf(file: FileRef, fetch: FetchBlock): Promise<JudgeBySchema> {
  const value = parseJson(await textOf(file, fetch, SCHEMA_BYTES_MAX, 'a schema'));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CannotTell('a schema of the need is none');
  const made = judgeBySchema(value as JsonSchema);
  if (!made.ok) throw new CannotTell(`a schema of the need is unfit: ${faultLine([made.fault])}`);
  return made.judge;
}

async function textOf(file: FileRef, fetch: FetchBlock, bytesMax: number, what: string): Promise<string> {
  if (file.size > bytesMax) throw new CannotTell(`${what} has more than ${bytesMax} bytes`);
  const text = fromUtf8(await readFile(file, fetch));
  if (text === undefined) throw new CannotTell(`${what} is no text`);
  return text;
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
