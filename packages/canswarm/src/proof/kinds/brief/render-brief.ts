import { briefMarkdown, isGroupedRight, readBrief, resultJson } from '@canswarm/brief';
import { utf8 } from '@canswarm/protocol';
import { allOf, STANDS } from '../../all-of.ts';
import { BRIEF, RESULT } from '../../folder/layout.ts';
import { type ProofFault, proofFault } from '../../proof-fault.ts';
import type { RenderedResult, ResultBlocks, ResultFacts, ResultSentences } from '../result-kind.ts';

/**
 * The documents that a final result renders to: it must be a brief that answers the question of its need and says nothing
 * of its own, whoever accepted it.
 */
export function renderBrief(
  { blocks, content }: ResultBlocks,
  { id, need, commit, digest }: ResultFacts,
): RenderedResult | ProofFault {
  const [output, second] = commit.outputs;
  if (output === undefined || second !== undefined) {
    return proofFault('artifacts', 'not_a_brief', `a brief is one artifact, not ${commit.outputs.length}`);
  }
  const read = readBrief(output.cid, (cid) => blocks.get(cid));
  if (read.status !== 'found') {
    const detail = read.status === 'missing' ? `a block of it is missing: ${read.cid}` : read.reason;
    return proofFault('artifacts', 'not_a_brief', detail, { cid: output.cid });
  }
  if (read.brief.report.question !== need.goal) {
    return proofFault('artifacts', 'question_other', 'it answers another question than the need asks', {
      cid: output.cid,
    });
  }
  if (!isGroupedRight(read.brief)) {
    const detail = 'its report does not group its statements by document';
    return proofFault('artifacts', 'groups_other', detail, { cid: output.cid });
  }
  const origin = { needId: id, digest };
  const documents = new Map([
    [RESULT, utf8(resultJson(read.brief, origin))],
    [BRIEF, utf8(briefMarkdown(read.brief, origin))],
  ]);
  const quotes = content.records.filter(({ citation }) => citation !== undefined).length;
  return { ok: true, documents, sentences: sentencesOf(quotes, blocks.size) };
}

const NOT_PROVEN = {
  authenticity:
    'That the documents are authentic, true or up to date: only that the quoted words stand in the bytes that the need names.',
  ranking: 'That no better quote was left out: a committee judged so. Redo the ranking with --reexecute <folder>.',
  lines: 'That the line numbers are right: a committee counted them. Count again with --reexecute <folder>.',
  bound: 'That no better quote was left out: what was reached is the bound of the acceptance, which is not the best.',
} as const;

const sentencesOf = (quotes: number, blocks: number): ResultSentences => ({
  proven: [
    quotes === 0
      ? `There are no quotes: the brief says that nothing was found. All ${blocks} blocks are what their CIDs name.`
      : `${allOf(quotes, 'quote', STANDS)} byte for byte in the documents that the need names; all ${blocks} blocks are what their CIDs name.`,
    'The result has the shape that the need’s acceptance demands.',
    'result.json and brief.md say exactly what was committed.',
  ],
  whole: 'The documents are in the proof whole.',
  notProven: (again) => {
    const { authenticity, ranking, lines, bound } = NOT_PROVEN;
    return again ? [authenticity, bound] : [authenticity, ranking, lines];
  },
});
