import { disputeKey, type KernelEvent, type State } from '@canswarm/kernel';
import type { Identity } from './identity.ts';
import { needTouched } from './touched.ts';
import type { NegotiationView } from './view.ts';

/** A key of this node disputes a result once, over restarts too: the log says what it has disputed. */
export function noteDispute(
  event: KernelEvent,
  {
    state,
    view,
    identities,
    now,
  }: { state: State; view: NegotiationView; identities: readonly Identity[]; now: number },
): void {
  if (event.type !== 'challenge_sealed' || event.class !== 'wrong_output') return;
  const need = needTouched(state, event);
  if (need === null || !identities.some(({ signer }) => signer.did === event.challenger)) return;
  view.noteSigned(need, disputeKey(event.subject, event.challenger), now);
}
