import { blockFetcher, keepingFetcher } from '@canswarm/agent';
import { ContentError, type EvaluateOutcome, type ResultInput, type SkillContext } from '@canswarm/ports';
import { type BriefParams, readAcceptance } from '../acceptance.ts';
import { CorpusError } from '../corpus/read-corpus.ts';
import { judgeAgainstCorpus } from './against-corpus.ts';
import { checkDistinct } from './distinct.ts';
import { type Fault, fault } from './fault.ts';
import { judgeOutput } from './output.ts';

const REASONS_MAX = 8;
const REASON_BYTES_MAX = 256;

/**
 * Judges a brief as a seat of its committee: the shape of the output, every quote against the bytes, the statements against
 * each other, and the ranking against the checker's own best (README.md, "What a seat checks"). Deterministic: seats that read
 * the same blocks agree.
 *
 * `undecidable` only where the fault is not the worker's: an acceptance that is none of a brief, or documents that cannot be
 * read. Outputs that cannot be read are the worker's fault.
 */
export async function evaluate(subject: ResultInput, context: SkillContext): Promise<EvaluateOutcome> {
  const { task, outputs } = subject;
  const fetch = keepingFetcher(blockFetcher(context.content, context.signal));
  const params = await readParams(subject, fetch);
  if (typeof params === 'string') return undecidable(params);
  const [output] = outputs;
  const [input] = task.inputs;
  if (input === undefined || task.inputs.length !== 1) return undecidable('a brief has one input');
  if (output === undefined || outputs.length !== 1) return failed([fault('a brief has one output')]);
  const brief = await judgeOutput(output, params, fetch);
  if ('faults' in brief) return failed(brief.faults);
  try {
    const distinct = checkDistinct(brief.statements);
    const inDocuments = await judgeAgainstCorpus({ params, input, brief }, context);
    const faults = [...distinct, ...inDocuments];
    return faults.length === 0 ? { verdict: 'pass', reasons: [] } : failed(faults);
  } catch (error) {
    if (error instanceof CorpusError) return undecidable(error.message);
    if (error instanceof ContentError) return undecidable(`the documents cannot be read: ${error.code}`);
    throw error;
  }
}

type Fetch = ReturnType<typeof blockFetcher>;

/** The params of the acceptance, or why there are none. */
async function readParams({ task }: ResultInput, fetch: Fetch): Promise<BriefParams | string> {
  let bytes: Uint8Array;
  try {
    bytes = await fetch(task.acceptance);
  } catch (error) {
    if (error instanceof ContentError) return `the acceptance cannot be read: ${error.code}`;
    throw error;
  }
  const params = readAcceptance(bytes);
  if (params === undefined) return 'the acceptance is not that of a brief';
  if (task.goal !== null && task.goal !== params.question) return 'the goal is not the question of the acceptance';
  return params;
}

const undecidable = (reason: string): EvaluateOutcome => ({ verdict: 'undecidable', reasons: [clip(reason)] });

function failed(faults: readonly Fault[]): EvaluateOutcome {
  return { verdict: 'fail', reasons: faults.slice(0, REASONS_MAX).map(({ reason }) => clip(reason)) };
}

/** The beginning of a text that fits a reason, whole characters only. */
function clip(text: string): string {
  const bytes = new Uint8Array(REASON_BYTES_MAX);
  const { read } = new TextEncoder().encodeInto(text, bytes);
  return text.slice(0, read);
}
