import { leafOf, stepHash, stepLeaf, totalLeaves } from '@canswarm/kernel';
import type { Clock, ContentStore } from '@canswarm/ports';
import {
  type ArtifactRef,
  type BlockSource,
  type Cid,
  type CommitId,
  type Did,
  type Missing,
  type Sha256,
  STEPS,
  withBlocks,
} from '@canswarm/protocol';

const BLOCK_BYTES_MAX = 1_048_576;
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

/** The steps of a vote, and whether every leaf they are over was had. */
export interface Evaluation {
  readonly steps: readonly Uint8Array[];
  readonly complete: boolean;
}

/**
 * The evaluation digest of a vote: a hash over each leaf that the draw's seed assigns to this seat, read from the
 * content store. Leaves that cannot be had by local time `endsAt` (ms) count as empty: whoever withholds its bytes must not
 * make a seat miss its own deadline. Such a seat cannot tell. Source: `spec/07-challenges.md`, evaluation digest.
 */
export async function evaluationSteps(
  { did, commit, seed, artifacts }: StepSubject,
  content: ContentStore,
  sha256: Sha256,
  { clock, endsAt }: { readonly clock: Clock; readonly endsAt: number },
): Promise<Evaluation> {
  const total = totalLeaves(artifacts);
  const wanted = Array.from({ length: STEPS }, (_, index) => stepLeaf(sha256, seed, did, index, total));
  const fetch = (cid: Cid): Promise<Uint8Array> =>
    content.get(cid, { deadlineMs: Math.max(1, endsAt - clock.now()), maxBytes: BLOCK_BYTES_MAX });
  const leaves = await readLeaves(artifacts, new Set(wanted), fetch);
  const steps = wanted.map((leaf, index) => stepHash(sha256, did, commit, index, leaves?.get(leaf) ?? NOTHING));
  return { steps, complete: leaves !== null };
}

/** Most leaves that a juror fetches of a result: of a larger one the first. */
const OBTAINED_MAX = 4096;

/** Whether the bytes of these artifacts can be had by local time `endsAt` (ms). */
export async function canObtain(
  artifacts: readonly ArtifactRef[],
  content: ContentStore,
  { clock, endsAt }: { readonly clock: Clock; readonly endsAt: number },
): Promise<boolean> {
  const wanted = Array.from({ length: Math.min(totalLeaves(artifacts), OBTAINED_MAX) }, (_, number) => number);
  const fetch = (cid: Cid): Promise<Uint8Array> =>
    content.get(cid, { deadlineMs: Math.max(1, endsAt - clock.now()), maxBytes: BLOCK_BYTES_MAX });
  return (await readLeaves(artifacts, new Set(wanted), fetch)) !== null;
}

type Leaves = { readonly status: 'read'; readonly leaves: ReadonlyMap<number, Uint8Array> };

/**
 * Reads the leaves of these numbers in one walk, so that blocks they share are fetched once. Null when bytes cannot be had;
 * leaves that the artifacts do not have are left out.
 */
async function readLeaves(
  artifacts: readonly ArtifactRef[],
  wanted: ReadonlySet<number>,
  fetch: (cid: Cid) => Promise<Uint8Array>,
): Promise<ReadonlyMap<number, Uint8Array> | null> {
  const walk = (get: BlockSource): Leaves | Missing => {
    const leaves = new Map<number, Uint8Array>();
    for (const number of wanted) {
      const leaf = leafOf(artifacts, number, get);
      if (leaf.status === 'missing') return leaf;
      if (leaf.status === 'found') leaves.set(number, leaf.bytes);
    }
    return { status: 'read', leaves };
  };
  try {
    const { result } = await withBlocks(walk, fetch);
    return result.status === 'read' ? result.leaves : null;
  } catch {
    return null;
  }
}
