import { existsSync } from 'node:fs';
import { type FolderDocument, publishCorpus, readAcceptance, scanFolder, skill } from '@canswarm/brief';
import { memoryContent } from '@canswarm/memory';
import type { ContentStore, EvaluateOutcome } from '@canswarm/ports';
import { type Cid, parseCid } from '@canswarm/protocol';
import { isFolder } from '../../folder/read-regular.ts';
import { type ProofFault, proofFault } from '../../proof-fault.ts';
import type { FinalNeed } from '../../verify-log.ts';
import { withoutOutput } from '../../without-output.ts';
import type { JudgeAgainOptions, JudgedAgain, ResultBlocks } from '../result-kind.ts';

interface Again extends JudgeAgainOptions {
  readonly folder: string;
}

/** The checker's engine: it cuts, scores and ranks by itself and shares no code with the engines it judges. */
const CHECK_ENGINE = 'check';

/**
 * Reads the documents again and redoes the judgement: they must be the need's input, CID for CID, and the checker must find
 * the result good again. Gives a sentence that says what was redone. Rejects only when aborted.
 */
export async function rankAgain(
  final: FinalNeed,
  artifacts: ResultBlocks,
  options: JudgeAgainOptions,
): Promise<JudgedAgain> {
  const { folder, sha256, signal } = options;
  if (folder === null)
    return proofFault(
      'artifacts',
      'reexecute_needs_folder',
      'a brief is ranked again over the folder that was briefed',
    );
  if (!isFolder(folder)) {
    const detail = existsSync(folder) ? 'it is a file, not a folder' : 'there is no such folder';
    return { ok: false, code: 'no_reexecute_folder', file: folder, detail };
  }
  const documents = await readDocuments({ ...options, folder });
  if ('code' in documents) return documents;
  if (documents.length === 0) return inputFault(`${folder} holds no documents`);
  const content = memoryContent(sha256);
  const corpus = await publishCorpus(content, documents, sha256);
  const [input] = final.need.inputs;
  if (input?.cid !== corpus.cid || input.leaves !== corpus.leaves) {
    return inputFault(`the documents of ${folder} are ${corpus.cid}, the need is about ${input?.cid ?? 'nothing'}`);
  }
  const judged = await judgeAgain(final, artifacts, content, { sha256, signal });
  if (judged.verdict !== 'pass') {
    const detail = `judged again the result is ${judged.verdict}: ${judged.reasons.join('; ')}`;
    return proofFault('result', 'not_accepted_again', detail);
  }
  const bound = (readAcceptance(artifacts.blocks.get(final.need.acceptance) ?? new Uint8Array())?.boundBps ?? 0) / 100;
  const sentence = `${documents.length === 1 ? 'The one document' : `The ${documents.length} documents`} of ${folder} ${documents.length === 1 ? 'is' : 'are'} the need's input; ranked again the result reaches the ${bound} % of the best that its acceptance demands, and its lines are counted right.`;
  return { ok: true, sentence };
}

/** The documents of the folder, or that it cannot be read. */
async function readDocuments({ folder, out, signal }: Again): Promise<readonly FolderDocument[] | ProofFault> {
  try {
    const { documents } = await scanFolder(folder, { signal });
    return withoutOutput(documents, folder, out);
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, code: 'no_reexecute_folder', file: folder, detail: String(error) };
  }
}

const inputFault = (detail: string): ProofFault => proofFault('result', 'documents_other', detail);

async function judgeAgain(
  { id, need, commit, commitId }: FinalNeed,
  { blocks }: ResultBlocks,
  content: ContentStore,
  { sha256, signal }: Pick<JudgeAgainOptions, 'sha256' | 'signal'>,
): Promise<EvaluateOutcome> {
  await content.putBlocks([...blocks].map(([cid, bytes]) => ({ cid, bytes })));
  const { skill: name, goal, inputs, acceptance } = need;
  const task = { need: id, skill: name, goal, inputs, acceptance, attempt: commit.attempt, price: 0, timeMs: 0 };
  const context = { content, signal, sha256, progress: () => undefined, log: () => undefined, now: () => 0 };
  const { evaluate } = await skill(CHECK_ENGINE);
  if (evaluate === undefined) throw new Error('the check engine evaluates');
  return evaluate({ task, commit: commitOf(commitId), outputs: commit.outputs }, context);
}

function commitOf(id: string): Cid {
  const cid = parseCid(id);
  if (cid === undefined) throw new Error('the kernel gave the commit its id');
  return cid;
}
