import type { KernelEvent } from '@canswarm/kernel';
import type { AppliedEntry } from '@canswarm/node';
import type { Checker, Fault } from './checker.ts';

interface Lease {
  readonly attempt: number;
  readonly holder: string;
  /** Position of the entry that granted it. */
  readonly fence: number;
  /** Null until it started. Renewals move it. */
  expiresAt: number | null;
}

/** P4: nothing of an old attempt or fence is accepted. P5: at most one live lease per task, none beyond its expiry. */
export function leases(fault: Fault): Checker {
  const live = new Map<string, Lease>();
  const attempts = new Map<string, number>();
  let time = 0;

  const onEvent = (event: KernelEvent, position: number): void => {
    if (event.type === 'time_advanced') time = event.time;
    else if (event.type === 'lease_granted') {
      if (live.has(event.need)) fault('P5', `${event.need} is leased to ${event.holder} while another holds it`);
      if (event.attempt < (attempts.get(event.need) ?? 1)) fault('P4', `${event.need} is leased for an old attempt`);
      attempts.set(event.need, event.attempt);
      live.set(event.need, { attempt: event.attempt, holder: event.holder, fence: position, expiresAt: null });
    } else if (event.type === 'lease_started') {
      const lease = live.get(event.need);
      if (lease !== undefined) lease.expiresAt = event.expiresAt;
    } else if (event.type === 'committed' || event.type === 'lease_lost') live.delete(event.need);
    else if (event.type === 'need_closed' || event.type === 'need_settled') live.delete(event.need);
  };

  /** What the holder of a lease says is judged by the lease as it was before. */
  const onWord = ({ entry, outcome }: AppliedEntry): void => {
    const { verb, body, from } = entry.envelope.payload;
    const isHolders = verb === 'COMMIT' || verb === 'RENEW' || verb === 'YIELD';
    if (!outcome.accepted || !(isHolders || verb === 'RELEASE')) return;
    const lease = live.get(body.need);
    if (lease === undefined) return fault('P5', `${verb} of ${body.need} is accepted, and nobody holds it`);
    if (body.fence.position !== lease.fence || body.attempt !== lease.attempt)
      fault('P4', `${verb} of ${body.need} is accepted on fence ${body.fence.position}, not ${lease.fence}`);
    if (isHolders && from !== lease.holder) fault('P14', `${verb} of ${body.need} is accepted of ${from}`);
    if (lease.expiresAt !== null && time > lease.expiresAt)
      fault('P5', `${verb} of ${body.need} is accepted at ${time}, after ${lease.expiresAt}`);
  };

  return {
    properties: ['P4', 'P5', 'P14'],
    onEntry(applied, state) {
      // Reports and timers come before the rule, and may end the lease: then the word is refused.
      onWord(applied);
      for (const event of applied.events) {
        onEvent(event, applied.position);
        if (event.type !== 'lease_renewed') continue;
        const lease = live.get(event.need);
        if (lease !== undefined) lease.expiresAt = state.needs.get(event.need)?.lease?.expiresAt ?? lease.expiresAt;
      }
    },
  };
}
