import { type ArtifactRef, type BlockSource, type CommitId, type Did, leafAt, type Sha256 } from '@canswarm/protocol';
import { below, hashParts } from '../hashing.ts';

/** Which leaf of inputs and outputs, in order, step `index` of a seat must have read. Source:
 * `spec/07-challenges.md`, evaluation digest. `seed` is the draw's, hex. */
export const stepLeaf = (sha256: Sha256, seed: string, did: Did, index: number, leaves: number): number =>
  below(hashParts(sha256, 'can/1/step-leaf', [seed, did, index]), leaves);

/** The hash that proves the leaf was at hand when the vote was signed (32 bytes). */
export const stepHash = (sha256: Sha256, did: Did, commit: CommitId, index: number, leaf: Uint8Array): Uint8Array =>
  hashParts(sha256, 'can/1/step', [did, commit, index, leaf]);

/** Leaves over which steps are drawn. */
export const totalLeaves = (artifacts: readonly ArtifactRef[]): number =>
  artifacts.reduce((sum, artifact) => sum + artifact.leaves, 0);

/** The bytes of leaf `index` counted over the artifacts in order; `missing`, `malformed` or `absent` as `leafAt` says. */
export function leafOf(artifacts: readonly ArtifactRef[], index: number, get: BlockSource): ReturnType<typeof leafAt> {
  let left = index;
  for (const artifact of artifacts) {
    if (left < artifact.leaves) return leafAt(artifact.cid, left, get);
    left -= artifact.leaves;
  }
  return { status: 'absent' };
}
