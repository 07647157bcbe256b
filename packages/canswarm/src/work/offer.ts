import type { Need } from '@canswarm/kernel';
import type { Offer } from '@canswarm/node';
import type { Micro } from '@canswarm/protocol';

/** What an agent asks for a need, and how far it goes down: null when it does not do that, or not for that little. */
export function offerAt(price: Micro | null, floor: Micro | null, { body }: Need): Offer | null {
  if (price === null || price > body.priceCap) return null;
  return { price, floor: floor ?? price, etaMs: Math.min(body.windows.leaseMs, body.deadlineMs) };
}
