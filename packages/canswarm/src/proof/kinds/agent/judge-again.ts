import { evaluateByTerms, readTerms } from '@canswarm/agent';
import { ContentError, type ContentStore, type EvaluateOutcome, type ResultInput, SandboxError } from '@canswarm/ports';
import { type Cid, parseCid } from '@canswarm/protocol';
import { proofFault } from '../../proof-fault.ts';
import type { FinalNeed } from '../../verify-log.ts';
import { walkInputs } from '../../walk-blocks.ts';
import type { JudgeAgainOptions, JudgedAgain, ResultBlocks } from '../result-kind.ts';
import { declaredBy } from './agent-sentences.ts';

/**
 * Judges an agent's result as a seat does, from the blocks of the proof alone: schemas, citations, certificate checks and the pinned
 * module. Gives a sentence that says what was judged. Rejects only when aborted.
 */
export async function judgeByTermsAgain(
  final: FinalNeed,
  { blocks }: ResultBlocks,
  { folder, tools, sha256, signal }: JudgeAgainOptions,
): Promise<JudgedAgain> {
  if (folder !== null)
    return proofFault(
      'artifacts',
      'reexecute_takes_no_folder',
      'an agent’s work is judged again from the proof itself',
    );
  if (tools === null)
    return proofFault('artifacts', 'no_judging_tools', 'there are no checks and no sandbox here to judge with');
  const lacking = missingOfInputs(final, blocks);
  if (lacking !== null)
    return proofFault(
      'artifacts',
      'inputs_not_whole',
      'the proof does not hold the input, so nothing can be judged again',
      {
        cid: lacking,
      },
    );
  const context = {
    content: heldContent(blocks),
    signal,
    sha256,
    progress: () => undefined,
    log: () => undefined,
    now: () => 0,
  };
  const { verdict, reasons } = await evaluateByTerms(subjectOf(final), context, tools).catch(notToldHere);
  signal.throwIfAborted();
  const said = `judged again the result is ${verdict}: ${reasons.join('; ')}`;
  if (verdict === 'undecidable') return proofFault('result', 'undecidable_again', said);
  if (verdict === 'fail') return proofFault('result', 'not_accepted_again', said);
  const terms = readTerms(blocks.get(final.need.acceptance) ?? new Uint8Array())?.terms;
  const declared = terms === undefined ? null : declaredBy(terms);
  const judged = `the schemas of input and output, the citations${declared === null ? '' : `, ${declared}`}`;
  return {
    ok: true,
    sentence: `The work was judged again from the blocks of the proof alone, as a seat does it: ${judged}. It passes.`,
  };
}

/** A check that breaks, or a sandbox that does not bring a module to its end on this machine, decides nothing. */
const notToldHere = (error: unknown): EvaluateOutcome => ({
  verdict: 'undecidable',
  reasons: [error instanceof SandboxError ? `${error.code}: ${error.message}` : String(Object(error).message ?? error)],
});

/** A block that the inputs lack here, or null when they are whole. */
function missingOfInputs({ need }: FinalNeed, blocks: ReadonlyMap<Cid, Uint8Array>): Cid | null {
  const walk = walkInputs(need.inputs);
  for (let step = walk.next(); step.done !== true; ) {
    const bytes = blocks.get(step.value);
    if (bytes === undefined) return step.value;
    step = walk.next(bytes);
  }
  return null;
}

function subjectOf({ id, need, commit, commitId }: FinalNeed): ResultInput {
  const { skill, goal, inputs, acceptance } = need;
  const task = { need: id, skill, goal, inputs, acceptance, attempt: commit.attempt, price: 0, timeMs: 0 };
  const cid = parseCid(commitId);
  if (cid === undefined) throw new Error('the kernel gave the commit its id');
  return { task, commit: cid, outputs: commit.outputs };
}

/** A store that has these blocks and takes none. Their hashes were checked when the proof was read. */
function heldContent(blocks: ReadonlyMap<Cid, Uint8Array>): ContentStore {
  const refuse = (): Promise<never> => Promise.reject(new Error('nothing is stored while a proof is judged'));
  return {
    get: async (cid, { maxBytes }) => {
      const bytes = blocks.get(cid);
      if (bytes === undefined) throw new ContentError('not_found', cid, 'the proof has no such block');
      if (bytes.length > maxBytes) throw new ContentError('too_large', cid, `it has ${bytes.length} bytes`);
      return bytes.slice();
    },
    has: async (cid) => blocks.has(cid),
    put: refuse,
    putBlocks: refuse,
    pin: refuse,
    unpin: refuse,
    gc: refuse,
    close: async () => undefined,
  };
}
