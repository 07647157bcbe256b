import { AGENT_CHECKER, CITATIONS_MAX, FILES_BYTES_MAX, FILES_MAX, readTerms, SCHEMA_BYTES_MAX } from '@canswarm/agent';
import { SANDBOX_SOURCE_BYTES_MAX } from '@canswarm/ports';
import { type FileRef, utf8 } from '@canswarm/protocol';
import { OUTPUT_FILES, REPORT, RESULT } from '../../folder/layout.ts';
import { RESULT_BYTES_MAX } from '../../named-text.ts';
import { type ProofFault, proofFault } from '../../proof-fault.ts';
import type { RenderedResult, ResultBlocks, ResultFacts, ResultKind } from '../result-kind.ts';
import { readAgentResult } from './agent-result.ts';
import { agentSentences } from './agent-sentences.ts';
import { filePaths } from './file-paths.ts';
import { judgeByTermsAgain } from './judge-again.ts';
import { agentReport } from './report-markdown.ts';
import { agentResultJson } from './result-json.ts';

/** The result of any agent: a JSON value, files and citations, judged by what its need declares. */
export const agentKind: ResultKind = {
  checker: AGENT_CHECKER,
  name: 'agent',
  report: REPORT,
  folders: [OUTPUT_FILES],
  documentBytesMax: Math.max(RESULT_BYTES_MAX, FILES_BYTES_MAX),
  outputEntriesMax: 1 + FILES_MAX + CITATIONS_MAX,
  // A case of the requester's, of any size, that says nothing of this result.
  holdsExample: false,
  termFiles,
  render,
  judgeAgain: judgeByTermsAgain,
};

/** Both schemas and the pinned module's source: with them a stranger judges again. */
function termFiles(acceptance: Uint8Array): readonly FileRef[] | string {
  const read = readTerms(acceptance);
  if (read === undefined) return 'it is not that of an agent in its one form';
  const { inputSchema, outputSchema, module } = read.terms;
  if (Math.max(inputSchema.size, outputSchema.size) > SCHEMA_BYTES_MAX)
    return `a schema of it has more than ${SCHEMA_BYTES_MAX} bytes`;
  if (module !== null && module.source.size > SANDBOX_SOURCE_BYTES_MAX)
    return `its module has more than ${SANDBOX_SOURCE_BYTES_MAX} bytes`;
  return [inputSchema, outputSchema, ...(module === null ? [] : [module.source])];
}

function render(
  { blocks }: ResultBlocks,
  facts: ResultFacts,
  sha256: Parameters<ResultKind['render']>[2],
): RenderedResult | ProofFault {
  const result = readAgentResult(blocks, facts);
  if (!result.ok) return result;
  const paths = filePaths(
    result.files.map(({ name }) => name),
    sha256,
  );
  const json = agentResultJson(result, paths, facts, sha256);
  if (json.length > RESULT_BYTES_MAX)
    return proofFault('artifacts', 'too_large', `result.json would have more than ${RESULT_BYTES_MAX} bytes`);
  const documents = new Map([
    [RESULT, json],
    [REPORT, utf8(agentReport(result, paths, facts))],
    ...result.files.map(({ name, bytes }) => [paths.get(name) ?? '', bytes] as const),
  ]);
  return { ok: true, documents, sentences: agentSentences(result, blocks.size) };
}
