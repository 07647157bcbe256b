import { everOf, lastSeen, ofType, type Property } from '../step.ts';

export default {
  id: 'P5',
  holds: 'at most one live lease per task; none outlives its expiry, none its deadline',
  needsModel: false,
  *check({ entry, applied, trace, state, from }) {
    for (const { id, lease, deadlineAt, deadlinePassed } of state.needs.values()) {
      if (lease !== null && deadlinePassed) yield `${id} is leased after its deadline`;
      if (lease?.expiresAt == null) continue;
      if (lease.expiresAt <= state.time) yield `${id} is leased at ${state.time}, beyond ${lease.expiresAt}`;
      if (lease.expiresAt > (deadlineAt ?? 0)) yield `${id} is leased beyond its deadline`;
    }
    for (const { need } of ofType(applied.events, 'lease_granted')) {
      const about = (event: { readonly need: string }): boolean => event.need === need;
      const granted = everOf(trace, 'lease_granted').filter(about).length;
      const handedIn = everOf(trace, 'committed').filter(about).length;
      const judgedAway = ['failed', 'overturned'];
      const lost = everOf(trace, 'lease_lost').filter(
        (event) => about(event) && !judgedAway.includes(event.reason),
      ).length;
      if (granted - handedIn - lost > 1) yield `${need} is leased ${granted - handedIn - lost} times at once`;
    }
    const { verb, body } = entry.envelope.payload;
    if (!applied.outcome.accepted || (verb !== 'COMMIT' && verb !== 'RENEW')) return;
    const since = lastSeen(trace, (event) => event.type === 'lease_started' && event.need === body.need);
    const started = ofType(since?.applied.events ?? [], 'lease_started').findLast(({ need }) => need === body.need);
    if (started?.attempt === body.attempt && started.expiresAt <= from)
      yield `${verb} is accepted at ${from}, its lease ended at ${started.expiresAt}`;
  },
} satisfies Property;
