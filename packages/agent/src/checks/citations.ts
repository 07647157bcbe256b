import type { Sha256 } from '@canswarm/protocol';
import { type ArtifactRef, type CitationVerdict, checkCitation, linkOf, withBlocks } from '@canswarm/protocol';
import type { Bundle } from '../bundle/bundle.ts';
import type { FetchBlock } from '../reading/fetch-blocks.ts';

/** Why citations of an output are wrong: each must be of whole words that stand where it says, byte for byte. */
export async function citationFaults(
  { citations }: Bundle,
  inputs: readonly ArtifactRef[],
  fetch: FetchBlock,
  sha256: Sha256,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { key, citation } of citations) {
    const record = { ...citation, document: linkOf(citation.document) };
    const { result } = await withBlocks((get): CitationVerdict => checkCitation(record, inputs, get, sha256), fetch);
    if (result.status === 'false') faults.push(`${key}: ${result.reason}`);
  }
  return faults;
}
