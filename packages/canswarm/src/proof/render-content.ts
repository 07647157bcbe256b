import { briefMarkdown, isGroupedRight, readBrief, resultJson } from '@canswarm/brief';
import { type ProofFault, proofFault } from './proof-fault.ts';
import type { ProvenArtifacts } from './verify-artifacts.ts';
import type { Documents } from './verify-documents.ts';
import type { FinalNeed } from './verify-log.ts';

/** What of a final need its documents depend on. */
export interface Rendered extends Pick<FinalNeed, 'id'> {
  readonly need: Pick<FinalNeed['need'], 'goal'>;
  readonly commit: Pick<FinalNeed['commit'], 'outputs'>;
}

/**
 * The documents that a final result renders to: it must be a brief that answers the question of its need and says nothing
 * of its own, whoever accepted it.
 */
export function renderContent(
  { blocks }: Pick<ProvenArtifacts, 'blocks'>,
  { id, need, commit }: Rendered,
  digest: string,
): Documents | ProofFault {
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
  return { result: resultJson(read.brief, origin), brief: briefMarkdown(read.brief, origin) };
}
