import type { Sha256 } from '@canswarm/protocol';
import {
  type ArtifactRef,
  type CitationVerdict,
  checkCitation,
  linkOf,
  noneRead,
  withBlocks,
} from '@canswarm/protocol';
import type { Bundle } from '../bundle/bundle.ts';
import type { FetchBlock } from '../reading/fetch-blocks.ts';

/** What citations come to. */
interface CitationFindings {
  /** Why citations are untrue: the fault of whoever cited. */
  readonly untrue: readonly string[];
  /** Why a citation cannot be judged: the cited input is no sound artifact. */
  readonly unsound: string | null;
}

/** Judges the citations of an output: each must be of whole words that stand where it says, byte for byte. */
export async function citationFaults(
  { citations }: Pick<Bundle, 'citations'>,
  inputs: readonly ArtifactRef[],
  fetch: FetchBlock,
  sha256: Sha256,
): Promise<CitationFindings> {
  const untrue: string[] = [];
  let unsound: string | null = null;
  const read = noneRead();
  for (const { key, citation } of citations) {
    const record = { ...citation, document: linkOf(citation.document) };
    const { result } = await withBlocks(
      (get): CitationVerdict => checkCitation(record, inputs, get, sha256, read),
      fetch,
    );
    if (result.status === 'false') untrue.push(`${key}: ${result.reason}`);
    else if (result.status !== 'true') unsound ??= `${key} cites what is ${result.status}`;
  }
  return { untrue, unsound };
}
