import { spoken } from '../../model/evidence.ts';
import { isOfEnded, lifeBefore } from '../lives.ts';
import { lastSeen, ofType, type Property, type Step } from '../step.ts';

/** What an entry about a lease names is the lease as it was granted, or carried into another life, last. */
function* lease(step: Step): Iterable<string> {
  const { entry, trace } = step;
  const { verb, body } = entry.envelope.payload;
  if (verb !== 'RENEW' && verb !== 'YIELD' && verb !== 'RELEASE' && verb !== 'COMMIT') return;
  const { need, attempt, fence } = body;
  const granted = lastSeen(
    trace,
    (event) => (event.type === 'lease_granted' || event.type === 'lease_carried') && event.need === need,
  );
  const { events } = granted?.applied ?? { events: [] };
  const last = [...ofType(events, 'lease_granted'), ...ofType(events, 'lease_carried')].find(
    (event) => event.need === need,
  );
  const position = granted?.applied.position;
  if (attempt !== last?.attempt) yield `${verb} of attempt ${attempt} is accepted in attempt ${last?.attempt}`;
  if (fence.position !== position || fence.incarnation !== lifeBefore(step))
    yield `${verb} is accepted on fence ${fence.position} of a lease granted at ${position}`;
}

/** A vote that is taken names the ballot and draw in which its sender was seated, and was made after that draw. */
function* votes({ entry, trace, model }: Step): Iterable<string> {
  if (!['DECIDE', 'CERTIFY', 'INVALIDATE', 'DISMISS'].includes(entry.envelope.payload.verb)) return;
  for (const vote of entry.evidence.envelopes) {
    const said = spoken(vote);
    const { from, head } = vote.payload;
    // What a DECIDE shows of a life that ended is as if it were not shown.
    if (said === null || isOfEnded(model, entry, vote)) continue;
    const isSeat = (event: { readonly type: string }): boolean =>
      event.type === 'seated' &&
      'did' in event &&
      event.did === from &&
      'subject' in event &&
      event.subject === said.subject;
    const drawn = lastSeen(trace, isSeat);
    const seat = ofType(drawn?.applied.events ?? [], 'seated').find((event) => isSeat(event));
    if (drawn === undefined || seat?.ballot !== said.ballot || seat.draw !== said.draw)
      yield `a vote of ${from} in ballot ${said.ballot} and draw ${said.draw} counts, in which it has no seat`;
    else if (head.position < drawn.applied.position) yield `a vote of ${from} counts that it made before it was drawn`;
  }
}

export default {
  id: 'P4',
  holds: 'nothing of an old round, fence, attempt, ballot, draw or incarnation is accepted',
  needsModel: false,
  *check(step) {
    const { entry, applied, trace } = step;
    if (!applied.outcome.accepted) return;
    const { payload, id } = entry.envelope;
    if (payload.head.incarnation !== lifeBefore(step)) yield `${payload.verb} of another incarnation`;
    const twice = trace.filter((seen) => seen.entry.envelope.id === id && seen.applied.outcome.accepted).length > 1;
    if (twice) yield `${payload.verb} ${id} takes effect twice`;
    if (payload.verb === 'DECIDE') {
      const { need, round } = payload.body;
      const reopened = lastSeen(trace, (event) => event.type === 'bidding_reopened' && event.need === need);
      if (round !== (reopened === undefined ? 1 : 2)) yield `DECIDE of round ${round} is accepted in another`;
    }
    yield* lease(step);
    yield* votes(step);
  },
} satisfies Property;
