import type { JudgingTools } from '@canswarm/agent';
import type { Cid, FileRef, Sha256 } from '@canswarm/protocol';
import type { ProofContent } from '../proof-content.ts';
import type { ProofFault } from '../proof-fault.ts';
import type { FinalNeed } from '../verify-log.ts';

/** The files that a result consists of beside its proof, by path. */
export type Documents = ReadonlyMap<string, Uint8Array>;

/** What of a final need its result is rendered from. */
export interface ResultFacts extends Pick<FinalNeed, 'id' | 'requester' | 'worker'> {
  readonly need: Pick<FinalNeed['need'], 'skill' | 'goal' | 'inputs' | 'acceptance'>;
  readonly commit: Pick<FinalNeed['commit'], 'outputs'>;
  /** Digest (hex) after the last entry of the log. */
  readonly digest: string;
}

/** The blocks of a proof and what was found in them. */
export interface ResultBlocks {
  readonly blocks: ReadonlyMap<Cid, Uint8Array>;
  readonly content: ProofContent;
}

/** What a verdict says of one kind of result, in sentences. */
export interface ResultSentences {
  readonly proven: readonly string[];
  /** Said when the inputs are in the proof whole. */
  readonly whole: string;
  /** `again`: whether the work was judged again. */
  notProven(again: boolean): readonly string[];
}

export interface RenderedResult {
  readonly ok: true;
  readonly documents: Documents;
  readonly sentences: ResultSentences;
}

export interface JudgeAgainOptions {
  /** Where the inputs are, or null: in the proof itself. */
  readonly folder: string | null;
  /** The folder that holds the proof. */
  readonly out: string;
  readonly tools: JudgingTools | null;
  readonly sha256: Sha256;
  readonly signal: AbortSignal;
}

/** What was judged again, in a sentence. */
export type JudgedAgain = { readonly ok: true; readonly sentence: string } | ProofFault;

/** A kind of result: what its proof holds, what it is shown as, and how it is judged again. Which one it is the acceptance says. */
export interface ResultKind {
  /** The checker that acceptances of this kind name. */
  readonly checker: string;
  readonly name: 'brief' | 'agent';
  /** The result for people: a file beside the proof folder. */
  readonly report: string;
  /** Folders beside the proof folder that hold files of the result and nothing else. */
  readonly folders: readonly string[];
  /** Longest document beside the proof that is read, in bytes. */
  readonly documentBytesMax: number;
  /** Most entries of one output. */
  readonly outputEntriesMax: number;
  /** Whether a proof holds the example of the acceptance. */
  readonly holdsExample: boolean;
  /** The files that an acceptance names, which a proof holds whole; or why it names none. */
  termFiles(acceptance: Uint8Array): readonly FileRef[] | string;
  /** The documents of a result, and what its blocks prove; or what is wrong with it, whoever accepted it. */
  render(result: ResultBlocks, facts: ResultFacts, sha256: Sha256): RenderedResult | ProofFault;
  /** Judges the work again. Rejects only when aborted. */
  judgeAgain(final: FinalNeed, result: ResultBlocks, options: JudgeAgainOptions): Promise<JudgedAgain>;
}
