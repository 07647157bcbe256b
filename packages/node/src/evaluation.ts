import { leafOf, stepHash, stepLeaf, totalLeaves } from '@canswarm/kernel';
import type { ContentStore } from '@canswarm/ports';
import {
  type ArtifactRef,
  type BlockSource,
  type CommitId,
  type Did,
  type Sha256,
  STEPS,
  withBlocks,
} from '@canswarm/protocol';

const FETCH = { deadlineMs: 10_000, maxBytes: 1_048_576 } as const;
const NOTHING = new Uint8Array();

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
  { did, commit, seed, artifacts }: StepSubject,
  content: ContentStore,
  sha256: Sha256,
): Promise<readonly Uint8Array[]> {
  const total = totalLeaves(artifacts);
  const wanted = Array.from({ length: STEPS }, (_, index) => stepLeaf(sha256, seed, did, index, total));
  const leaves = await readLeaves(artifacts, new Set(wanted), content);
  return wanted.map((leaf, index) => stepHash(sha256, did, commit, index, leaves.get(leaf) ?? NOTHING));
}

type Leaves = { readonly status: 'read'; readonly leaves: ReadonlyMap<number, Uint8Array> };

/** Reads the leaves of these numbers in one walk, so that blocks they share are fetched once; those that lack are left out. */
async function readLeaves(
  artifacts: readonly ArtifactRef[],
  wanted: ReadonlySet<number>,
  content: ContentStore,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const lacking = new Set<string>();
  const walk = (get: BlockSource): Leaves | { readonly status: 'missing'; readonly cid: ArtifactRef['cid'] } => {
    const leaves = new Map<number, Uint8Array>();
    for (const number of wanted) {
      const leaf = leafOf(artifacts, number, get);
      if (leaf.status === 'missing' && !lacking.has(leaf.cid)) return leaf;
      if (leaf.status === 'found') leaves.set(number, leaf.bytes);
    }
    return { status: 'read', leaves };
  };
  for (;;) {
    let asked: string | null = null;
    try {
      const { result } = await withBlocks(walk, (cid) => {
        asked = cid;
        return content.get(cid, FETCH);
      });
      return result.status === 'read' ? result.leaves : new Map();
    } catch {
      if (asked === null || lacking.has(asked)) return new Map();
      lacking.add(asked);
    }
  }
}
