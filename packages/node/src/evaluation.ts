import { leafOf, stepHash, stepLeaf, totalLeaves } from '@canswarm/kernel';
import type { ContentStore } from '@canswarm/ports';
import { type ArtifactRef, type CommitId, type Did, type Sha256, STEPS, withBlocks } from '@canswarm/protocol';

const FETCH = { deadlineMs: 10_000, maxBytes: 1_048_576 } as const;

/** What the step hashes of a vote are over. */
export interface StepSubject {
  readonly did: Did;
  readonly commit: CommitId;
  /** Seed of the draw that seated this key, hex. */
  readonly seed: string;
  /** Inputs, then outputs. */
  readonly artifacts: readonly ArtifactRef[];
}

/**
 * The evaluation digest of a vote: a hash over each leaf that the draw's seed assigns to this seat, read from the
 * content store. A leaf that cannot be had counts as empty. Source: `spec/07-challenges.md`, evaluation digest.
 */
export async function evaluationSteps(
  subject: StepSubject,
  content: ContentStore,
  sha256: Sha256,
): Promise<readonly Uint8Array[]> {
  const total = totalLeaves(subject.artifacts);
  const steps: Uint8Array[] = [];
  for (let index = 0; index < STEPS; index += 1) {
    const leaf = stepLeaf(sha256, subject.seed, subject.did, index, total);
    steps.push(stepHash(sha256, subject.did, subject.commit, index, await readLeaf(subject.artifacts, leaf, content)));
  }
  return steps;
}

async function readLeaf(artifacts: readonly ArtifactRef[], index: number, content: ContentStore): Promise<Uint8Array> {
  try {
    const { result } = await withBlocks(
      (get) => leafOf(artifacts, index, get),
      (cid) => content.get(cid, FETCH),
    );
    return result.status === 'found' ? result.bytes : new Uint8Array();
  } catch {
    return new Uint8Array();
  }
}
