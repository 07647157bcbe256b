import { everOf, lastSeen, ofType, type Property } from '../step.ts';

export default {
  id: 'P24',
  holds:
    'what was chosen without the log is marked, once K seats chose it and the log did not, and nothing else follows from that',
  needsModel: true,
  *check({ applied, trace, entry, model }) {
    const { payload } = entry.envelope;
    const { events } = applied;
    if (payload.verb === 'RECONCILE') {
      const odd = events.filter(
        (event) =>
          !['branch_orphaned', 'alternate_kept'].includes(event.type) &&
          !(event.type === 'posting' && event.code === 'log_fee'),
      );
      if (odd.length > 0) yield `RECONCILE brings ${odd.map(({ type }) => type).join()}`;
    }
    for (const { need, bid, round, votes } of ofType(events, 'branch_orphaned')) {
      const committee = model.committees.find(({ subject }) => subject === `plan/${need}/${round}`);
      if (committee === undefined || votes < committee.k) yield `${bid} is orphaned by ${votes} votes`;
      if (everOf(trace, 'need_decided').some(({ winner }) => winner === bid))
        yield `${bid} was adopted and is orphaned`;
      if (everOf(trace, 'branch_orphaned').filter((event) => event.bid === bid).length > 1)
        yield `${bid} is orphaned twice`;
    }
    for (const { winner } of ofType(events, 'need_decided'))
      if (everOf(trace, 'branch_orphaned').some(({ bid }) => bid === winner))
        yield `${winner} is adopted and was orphaned`;
    for (const { need, worker, alternate, bid } of ofType(events, 'alternate_kept')) {
      const said = entry.evidence.envelopes.find(({ id }) => id === alternate)?.payload;
      if (said?.verb !== 'ALTERNATE' || said.from !== worker) yield `${alternate} is not what ${worker} said`;
      const offer = entry.evidence.envelopes.find(({ id }) => id === bid)?.payload;
      if (offer?.verb !== 'PROPOSE' || offer.body.patch[0]?.assignee !== worker) yield `${bid} is no bid of ${worker}`;
      const ever = everOf(trace, 'alternate_kept').filter((event) => event.need === need && event.worker === worker);
      if (ever.length > 1) yield `${worker} has two alternates`;
      const lost = lastSeen(
        trace,
        (event) => event.type === 'lease_lost' && event.need === need && event.holder === worker,
      );
      if (lost !== undefined) yield `${worker} failed ${need} and has an alternate`;
    }
  },
} satisfies Property;
