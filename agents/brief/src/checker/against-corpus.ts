import { blockFetcher, keepingFetcher } from '@canswarm/agent';
import type { SkillContext } from '@canswarm/ports';
import { type ArtifactRef, type CitationVerdict, checkCitation, linkOf, withBlocks } from '@canswarm/protocol';
import type { BriefParams } from '../acceptance.ts';
import type { Brief, Statement } from '../brief/read-brief.ts';
import { CorpusError, openCorpus } from '../corpus/read-corpus.ts';
import type { SourceDocument } from '../extract.ts';
import { dueBps } from './bound.ts';
import { type Fault, fault } from './fault.ts';
import { Ranking } from './ranking.ts';

/** What is judged: a brief sound in itself, the documents it is about, what was asked. */
export interface CorpusCase {
  readonly params: BriefParams;
  readonly input: ArtifactRef;
  readonly brief: Brief;
}

/** Checks every statement and the ranking against the documents. Rejects with CorpusError or ContentError. */
export async function judgeAgainstCorpus(
  { params, input, brief }: CorpusCase,
  context: SkillContext,
): Promise<Fault[]> {
  const { statements } = brief;
  const citations = await checkCitations(statements, input, context);
  // Whether untrue quotes would answer the question does not matter, and their ranges may lie outside the documents.
  if (citations.length > 0) return citations;
  const corpus = await openCorpus(context.content, input, context.signal);
  const ranking = new Ranking(params.question);
  const faults: Fault[] = [];
  let done = 0;
  for await (const document of corpus.documents()) {
    const cited = statements.filter(({ path }) => path === document.path);
    ranking.add(document, cited);
    faults.push(...cited.flatMap((statement) => checkLines(statement, document)));
    done++;
    if (done % 64 === 0) context.progress({ done, total: corpus.files.length, note: 'comparing with the documents' });
  }
  const { bps, coverageBps } = ranking.compare(statements, params.maxStatements);
  const due = dueBps(params.boundBps, coverageBps);
  if (bps < due) faults.push(fault(`the ranking reaches ${bps} basis points of the checker's best, not ${due}`));
  return faults;
}

async function checkCitations(
  statements: readonly Statement[],
  input: ArtifactRef,
  context: SkillContext,
): Promise<Fault[]> {
  const fetch = keepingFetcher(blockFetcher(context.content, context.signal));
  const faults: Fault[] = [];
  for (const { key, ...citation } of statements) {
    const value = { ...citation, document: linkOf(citation.document) };
    const { result } = await withBlocks(
      (get): CitationVerdict => checkCitation(value, [input], get, context.sha256),
      fetch,
    );
    if (result.status === 'false') faults.push(fault(`${key} is not what the document says: ${result.reason}`));
    else if (result.status !== 'true')
      throw new CorpusError(`a document cannot be read: ${result.cid} is ${result.status}`);
  }
  return faults;
}

function checkLines({ key, byteStart, byteEnd, lineStart, lineEnd }: Statement, { bytes }: SourceDocument): Fault[] {
  let first = 1;
  let last = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < byteEnd - 1; at = bytes.indexOf(10, at + 1)) {
    if (at < byteStart) first++;
    last++;
  }
  return first === lineStart && last === lineEnd ? [] : [fault(`${key} stands in lines ${first} to ${last}`)];
}
