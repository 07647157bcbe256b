import { entityOf } from '../../model/people.ts';
import { ofType, type Property, type Step } from '../step.ts';

/** Keys that get something by a plan: the workers and the planner of the bid that won. */
function winners({ entry, applied }: Step): readonly string[] {
  const [decided] = ofType(applied.events, 'need_decided');
  const bid = entry.evidence.envelopes.find(({ id }) => id === decided?.winner)?.payload;
  if (bid?.verb !== 'PROPOSE') return [];
  return [bid.from, ...bid.body.patch.flatMap(({ assignee }) => assignee ?? [])];
}

export default {
  id: 'P13',
  holds: 'nobody is paid for judging a party that it is related to',
  needsModel: true,
  *check(step) {
    const { applied, model } = step;
    const paid = ofType(applied.events, 'posting').filter(({ code }) => code === 'seat_fee');
    for (const { code, credit } of ofType(applied.events, 'posting')) {
      const did = credit.slice(credit.lastIndexOf('/') + 1);
      const sat = model.committees.filter(
        ({ challenge, seats }) => challenge !== null && seats.some((seat) => seat.did === did),
      );
      if (code === 'jury_fee' && !sat.some(({ partyKeys }) => !partyKeys.includes(did)))
        yield `${did} is paid for a dispute of its own`;
    }
    const related = winners(step).map((did) => entityOf(model, did));
    for (const { subject } of ofType(applied.events, 'seats_paid')) {
      const row = model.committees.find((committee) => committee.subject === subject);
      if (row === undefined) return yield `${subject} is paid and no committee`;
      for (const { did, entity } of row.seats) {
        if (!paid.some(({ credit }) => credit === `free/${did}`)) continue;
        if (row.partyKeys.includes(did)) yield `${did} is paid for judging itself`;
        if (row.parties.includes(entity)) yield `${did} is paid for judging ${entity}, its own`;
        if (row.commit === null && [entity, entityOf(model, did)].some((one) => related.includes(one)))
          yield `${did} is paid for choosing ${entity}, its own`;
      }
    }
  },
} satisfies Property;
