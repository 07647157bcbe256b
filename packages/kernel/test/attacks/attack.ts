import type { Edit } from '../property/planted/planted.ts';
import type { Agent } from '../support/keys.ts';
import type { World, WorldOptions } from '../world.ts';

/** What somebody does who means harm, and what it must come to. */
export interface Attack {
  /** Who attacks; what all of them own together is compared before and after. */
  readonly attackers: readonly Agent[];
  /**
   * - `unprofitable`: they own no more afterwards.
   * - `impossible`: the act itself is refused or has no effect; the plot throws where it succeeds.
   */
  readonly must: 'unprofitable' | 'impossible';
  /** Why it pays all the same, and from when: then it is a known limit, and the profit is its price. */
  readonly limit?: string;
  readonly world?: WorldOptions;
  /** What of the law stops it, and what stands there instead: without it the attack must succeed (`npm run -s attacks -- --unguarded`). */
  readonly unguarded?: readonly Edit[];
  /** Does it, to the end: nothing of the attackers may be locked afterwards. Throws where the law lets pass what it must refuse. */
  plot(world: World): void;
}

/** An attack with what it came to. */
export interface Played {
  readonly name: string;
  readonly must: Attack['must'];
  readonly limit: string | null;
  /** Micro-credits that the attackers own more afterwards, read from the state. */
  readonly profit: number;
  /** Why the law did not hold; null where it did. */
  readonly fault: string | null;
}
