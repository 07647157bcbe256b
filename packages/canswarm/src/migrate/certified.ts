import { votingStakes } from '@canswarm/kernel';
import type { Crypto, Did, Genesis } from '@canswarm/protocol';
import { LogWalk } from './log-walk.ts';

/** What a node holds of the log. */
export interface NodeLog {
  readonly name: string;
  /** Its verifiers. */
  readonly dids: readonly Did[];
  /** Records that it took, and of them those that the log begins with. */
  readonly taken: number;
  readonly shared: number;
  records(): Iterable<Uint8Array>;
}

/** Whether keys have two thirds of the stake there is. */
export function holdTwoThirds(stakes: ReadonlyMap<Did, number>, dids: Iterable<Did>): boolean {
  const sum = (amounts: Iterable<number>): bigint => [...amounts].reduce((all, one) => all + BigInt(one), 0n);
  const held = sum([...new Set(dids)].map((did) => stakes.get(did) ?? 0));
  return held > 0n && 3n * held >= 2n * sum(stakes.values());
}

/**
 * Where nodes hold more than the log has, and not all the same: the longest that those with two thirds of the stake hold beyond it, by the node
 * that has it. Null where no such part is longer than the log.
 */
export function certifiedBeyond(
  length: number,
  nodes: readonly NodeLog[],
  genesis: Genesis,
  crypto: Crypto,
): { readonly node: NodeLog; readonly records: number } | null {
  let best: { readonly node: NodeLog; readonly records: number } | null = null;
  for (const node of nodes.filter(({ shared, taken }) => shared === length && taken > length)) {
    const whole = new LogWalk(genesis, crypto);
    for (const bytes of node.records()) whole.take(bytes);
    const shared = nodes.map((other) => ({ other, records: whole.sharedWith(other.records()) }));
    const walk = new LogWalk(genesis, crypto);
    for (const bytes of node.records()) {
      walk.take(bytes);
      const isLonger = walk.length > (best?.records ?? length);
      if (!isLonger || !shared.some(({ records }) => records === walk.length)) continue;
      const holders = shared.filter(({ records }) => records >= walk.length).flatMap(({ other }) => other.dids);
      if (holdTwoThirds(votingStakes(walk.state), holders)) best = { node, records: walk.length };
    }
  }
  return best;
}
