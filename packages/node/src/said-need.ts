import type { Random } from '@canswarm/ports';
import { type Crypto, capSeal, type Did, type Micro } from '@canswarm/protocol';
import type { NeedDraft } from './node-options.ts';
import type { Said, SealedCap } from './outbox.ts';

/** A need as its key says it, with a random mark unless it has one; where `mostPaid` is sealed, with what opens that. */
export function saidNeed(
  did: Did,
  draft: NeedDraft,
  mostPaid: Micro | null,
  { random, crypto }: { readonly random: Random; readonly crypto: Crypto },
): { readonly said: Said; readonly cap: SealedCap | null } {
  const body = { mark: random.stream('marks').bytes(32), ...draft };
  if (mostPaid === null) return { said: { verb: 'NEED', body }, cap: null };
  const cap = { cap: mostPaid, salt: random.stream('salts').bytes(32) };
  const seal = capSeal(did, cap.cap, cap.salt, crypto.sha256);
  return { said: { verb: 'NEED', body: { ...body, capSeal: seal } }, cap };
}
