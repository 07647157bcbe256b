import { juryName, resultName } from '../../model/committees.ts';
import { spoken } from '../../model/evidence.ts';
import type { CommitteeRow, Model } from '../../model/tables.ts';
import { isOfEnded } from '../lives.ts';
import { everOf, ofType, type Property, type Step } from '../step.ts';

const CASTING = ['DECIDE', 'CERTIFY', 'INVALIDATE', 'DISMISS'];

/** Seats whose vote, among all that any entry brought for the present ballot, was this. */
function voters({ trace, model }: Step, row: CommitteeRow, verdict: string): readonly string[] {
  const first = new Map<string, string>();
  for (const { entry, applied } of trace) {
    // What a challenge shows are votes too, but nobody casts them there.
    if (!applied.outcome.accepted || !CASTING.includes(entry.envelope.payload.verb)) continue;
    for (const vote of entry.evidence.envelopes) {
      const said = spoken(vote);
      const { from } = vote.payload;
      if (isOfEnded(model, entry, vote)) continue;
      if (said?.subject === row.subject && said.ballot === row.ballot && !first.has(from))
        first.set(from, said.verdict);
    }
  }
  return [...first].filter(([, said]) => said === verdict).map(([did]) => did);
}

/** A certificate is the word of K who were drawn for it, each of another entity, none of a party. */
function* certificate(step: Step, row: CommitteeRow | undefined, verdict: string): Iterable<string> {
  if (row === undefined) return yield 'a verdict of no committee';
  const drawn = everOf(step.trace, 'seated').filter(({ subject }) => subject === row.subject);
  const seats = voters(step, row, verdict).flatMap((did) => {
    const seat = drawn.findLast((event) => event.did === did && event.ballot === row.ballot);
    const place = row.seats.find((known) => known.did === did && known.ballot === row.ballot);
    return seat === undefined || place === undefined ? [] : [{ ...seat, entity: place.entity }];
  });
  const entities = new Set(seats.map(({ entity }) => entity));
  if (row.named) {
    const judges = new Set(seats.map(({ did }) => did));
    if (2 * judges.size <= row.seats.length)
      yield `${row.subject} says ${verdict} by ${judges.size} of ${row.seats.length}`;
    return;
  }
  if (entities.size < row.k || row.k < (row.relaxed ? 1 : 3))
    yield `${row.subject} says ${verdict} by ${entities.size} entities, K is ${row.k}`;
  if (seats.some(({ entity }) => row.parties.includes(entity))) yield `${row.subject} is judged by a party`;
  if (row.commit !== null && row.challenge === null && seats.some(({ reserved }) => reserved <= 0))
    yield `${row.subject} is judged without reserve`;
}

/** A jury has nobody who judged the result, nor who heard the dispute before. */
function* freshSeats(model: Model, row: CommitteeRow): Iterable<string> {
  const earlier = model.committees.filter(
    (other) => other !== row && (other.subject === resultName(row.commit ?? '') || other.challenge === row.challenge),
  );
  const before = earlier.flatMap(({ seats }) => seats);
  for (const { did, entity } of row.named ? [] : row.seats) {
    if (before.some((seat) => seat.did === did || seat.entity === entity)) yield `${did} sits on ${row.subject} again`;
  }
}

export default {
  id: 'P6',
  holds: 'every certificate has at least K distinct, drawn, reserved, unrelated seats',
  needsModel: true,
  *check(step) {
    const { applied, model } = step;
    for (const { commit, verdict } of ofType(applied.events, 'certified'))
      yield* certificate(
        step,
        model.committees.find((row) => row.commit === commit && row.challenge === null),
        verdict,
      );
    for (const { challenge, instance, ruling } of ofType(applied.events, 'instance_ruled')) {
      const row = model.committees.find(({ subject }) => subject === juryName(challenge, instance));
      yield* certificate(step, row, ruling);
      if (row !== undefined) yield* freshSeats(model, row);
    }
    for (const { need, round, winner } of ofType(applied.events, 'need_decided')) {
      const row = model.committees.find(({ subject }) => subject === `plan/${need}/${round}`);
      yield* certificate(step, row, winner ?? 'none');
    }
  },
} satisfies Property;
