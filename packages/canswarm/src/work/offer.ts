import type { Need } from '@canswarm/kernel';
import type { Offer } from '@canswarm/node';
import type { Micro } from '@canswarm/protocol';

/** What an agent with a fixed price asks for a need: null when it does not do that, or not for that little. */
export function offerAt(price: Micro | null, { body }: Need): Offer | null {
  if (price === null || price > body.priceCap) return null;
  return { price, etaMs: Math.min(body.windows.leaseMs, body.deadlineMs) };
}
