import { blockFetcher } from '@canswarm/agent';
import type { ExecuteOutcome, SkillContext, TaskInput } from '@canswarm/ports';
import { type BriefParams, readAcceptance } from '../acceptance.ts';
import type { Claim } from '../brief/claim.ts';
import { type Corpus, openCorpus } from '../corpus/read-corpus.ts';
import type { SourceDocument } from '../extract.ts';
import { publishBrief } from '../publish.ts';

/** What a way of answering is given. */
export interface BriefTask {
  readonly params: BriefParams;
  readonly corpus: Corpus;
  /** All documents in path order; reading them reports progress. */
  readonly documents: AsyncIterable<SourceDocument>;
  readonly context: SkillContext;
}

/** A way of answering: claims in rank order, best first. */
export type Answer = (task: BriefTask) => Promise<readonly Claim[]>;

/** Progress is reported every so many documents. */
const PROGRESS_STEP = 32;

/**
 * Does the work of a need: reads what is asked and the documents, lets `answer` make claims, publishes the brief. Rejects when
 * the need is not that of a brief or its documents cannot be read.
 */
export async function executeBrief(
  engine: string,
  answer: Answer,
  task: TaskInput,
  context: SkillContext,
): Promise<ExecuteOutcome> {
  const { content, signal, sha256 } = context;
  const params = readAcceptance(await blockFetcher(content, signal)(task.acceptance));
  const [input] = task.inputs;
  if (params === undefined) throw new Error('the acceptance is not that of a brief');
  if (input === undefined || task.inputs.length !== 1) throw new Error('a brief has one input, the documents');
  if (task.goal !== null && task.goal !== params.question)
    throw new Error('the goal is not the question of the acceptance');
  const corpus = await openCorpus(content, input, signal);
  const claims = await answer({ params, corpus, documents: reporting(corpus, context), context });
  signal.throwIfAborted();
  const draft = { question: params.question, engine, claims: claims.slice(0, params.maxStatements) };
  return { outputs: [await publishBrief(content, draft, sha256)], trace: null };
}

async function* reporting(corpus: Corpus, context: SkillContext): AsyncGenerator<SourceDocument> {
  const total = corpus.files.length;
  let done = 0;
  for await (const document of corpus.documents()) {
    if (done % PROGRESS_STEP === 0) context.progress({ done, total, note: 'reading documents' });
    yield document;
    done++;
  }
  context.progress({ done: total, total, note: 'ranking passages' });
}
