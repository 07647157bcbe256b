import { askMeasured, type Commit, type Need, type Stated, walkStatements } from '@canswarm/kernel';
import { type ArtifactRef, type Cid, type Evidence, holdsBlocks, type Sha256, shownBytes } from '@canswarm/protocol';

/** What a result states, and the blocks that show it. */
export interface StatedResult {
  readonly stated: Stated;
  readonly blocks: Evidence['blocks'];
}

/**
 * Counts what a result states; null where it cannot be counted, or takes more blocks than evidence holds: then nobody can prove it
 * either. Rejects as `fetch` does, which gives what was hashed.
 */
export async function statedResult(
  { inputs, body }: Pick<Need, 'inputs'> & { readonly body: Pick<Need['body'], 'acceptance'> },
  outputs: readonly ArtifactRef[],
  fetch: (cid: Cid) => Promise<Uint8Array>,
  sha256: Sha256,
): Promise<StatedResult | null> {
  const walk = walkStatements({ outputs, inputs, acceptance: body.acceptance }, sha256);
  const held = new Map<Cid, Uint8Array>();
  // Who counts less than can be shown passes what a proof overturns; who counts more denies what nobody can prove.
  let [shown, step] = [0, walk.next()];
  while (step.done !== true) {
    const cid = step.value;
    const bytes = held.get(cid) ?? (await fetch(cid));
    if (!held.has(cid)) shown += shownBytes({ cid, bytes });
    held.set(cid, bytes);
    if (!holdsBlocks(held.size, shown)) return null;
    step = walk.next(bytes);
  }
  const result = step.value;
  if (result.status !== 'found') return null;
  const { statements, cited } = result;
  return { stated: { statements, cited }, blocks: [...held].map(([cid, bytes]) => ({ cid, bytes })) };
}

/** What shows that the policy of a COMMIT denies what its result states; null where it does not, or nobody can show it. */
export async function policyViolation(
  { asked, outputs }: Commit,
  need: Need,
  fetch: (cid: Cid) => Promise<Uint8Array>,
  sha256: Sha256,
): Promise<Evidence | null> {
  if (asked === undefined) return null;
  const found = await statedResult(need, outputs, fetch, sha256);
  if (found === null || askMeasured(asked, [found.stated]).decision.allow) return null;
  return { envelopes: [], blocks: found.blocks };
}
