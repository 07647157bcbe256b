import type { Need } from '@canswarm/kernel';
import type { Offer } from '@canswarm/node';
import type { Micro } from '@canswarm/protocol';

/** What an agent says of a skill, as far as offers follow from it. */
interface Asked {
  /** Null: it does not do that. */
  readonly price: Micro | null;
  readonly floor: Micro | null;
  readonly joins: boolean;
}

/** What an agent asks for a need, and how far it goes down: null when it does not do that, or not for that little. */
export function offerAt({ price, floor, joins }: Asked, { body, phase, plan }: Need): Offer | null {
  if (price === null || price > body.priceCap) return null;
  if (joins && (plan === null || phase === 'bidding')) return null;
  return { price, floor: floor ?? price, etaMs: Math.min(body.windows.leaseMs, body.deadlineMs) };
}
