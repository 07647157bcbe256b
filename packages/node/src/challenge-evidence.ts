import type { Commit, Need } from '@canswarm/kernel';
import type { ContentStore, Finding } from '@canswarm/ports';
import {
  type BlockSource,
  type Cid,
  checkCitation,
  decodeCbor,
  lookup,
  type Sha256,
  withBlocks,
} from '@canswarm/protocol';

const FETCH = { deadlineMs: 10_000, maxBytes: 1_048_576 } as const;

/**
 * The blocks that let the kernel judge a finding: the path from the commit's output to the record, and either the
 * acceptance with its schema or the path from the inputs to the cited bytes. Every block comes from the content store
 * by its CID.
 */
export async function findingBlocks(
  finding: Finding,
  need: Need,
  commit: Commit,
  content: ContentStore,
  sha256: Sha256,
): Promise<ReadonlyMap<Cid, Uint8Array>> {
  const output = commit.outputs[finding.claim.output];
  if (output === undefined) throw new RangeError(`the commit has no output ${finding.claim.output}`);
  const fetch = (cid: Cid): Promise<Uint8Array> => content.get(cid, FETCH);
  const walk = (get: BlockSource): Walk => walkFinding(finding, need, output.cid, get, sha256);
  const { touched } = await withBlocks(walk, fetch);
  return touched;
}

type Walk = { status: 'found' } | { status: 'missing'; cid: Cid };

/** Reads what the kernel will read, in its order, and says which block lacks. */
function walkFinding(finding: Finding, need: Need, output: Cid, get: BlockSource, sha256: Sha256): Walk {
  const found = lookup(output, finding.claim.key, get);
  if (found.status === 'missing') return found;
  if (found.status !== 'found') return { status: 'found' };
  const record = get(found.entry.cid);
  if (record === undefined) return { status: 'missing', cid: found.entry.cid };
  if (finding.class === 'schema_violation') {
    const { acceptance } = need.body;
    return get(acceptance) === undefined ? { status: 'missing', cid: acceptance } : { status: 'found' };
  }
  const decoded = decodeCbor(record);
  if (!decoded.ok) return { status: 'found' };
  const checked = checkCitation(decoded.value, need.inputs, get, sha256);
  return checked.status === 'missing' ? checked : { status: 'found' };
}
