import { commitRow, reserveOf } from '../../model/committees.ts';
import { JURY_CLASSES } from '../../model/disputes.ts';
import { RECORD } from '../../model/proofs.ts';
import { saying } from '../../model/verdicts.ts';
import { everOf, ofType, type Property, type Step } from '../step.ts';

const PROVED = ['schema_violation', 'missing_citation'];
const RESULT_CLASSES = [...PROVED, ...JURY_CLASSES];
/** What bonds of a dispute are moved by. */
const SETTLING = ['jury_fee', 'appeal_bond_returned', 'appeal_bond_burned'];

/** A challenge of a result is upheld exactly if it is true and shown; then the result is no more, and who passed it pays. */
function* judged({ applied, entry, model }: Step): Iterable<string> {
  const { payload } = entry.envelope;
  for (const { subject, class: kind, upheld } of ofType(applied.events, 'challenge_judged')) {
    if (!PROVED.includes(kind) || payload.verb !== 'CHALLENGE') continue;
    const commit = commitRow(model, subject);
    const claim = payload.body.opening?.claim;
    const broken = model.truth.brokenBy(commit.outputs[claim?.output ?? -1]) === kind;
    const due = broken && claim?.key === RECORD && entry.evidence.blocks.size > 0;
    if (upheld !== due) yield `a ${kind} challenge that is ${due} was ${upheld ? 'upheld' : 'dismissed'}`;
    if (!upheld) continue;
    const lost = ofType(applied.events, 'lease_lost').some(({ reason }) => reason === 'overturned');
    if (!lost && commit.verdict === 'pass') yield `${subject} was proved invalid and stands`;
    const jury = model.committees.find((row) => row.commit === subject && row.challenge === null);
    const slashed = ofType(applied.events, 'slashed');
    if (jury === undefined) continue;
    const reserve = reserveOf(model, jury, jury.k, jury.n);
    for (const { did } of saying(jury, 'pass')) {
      const amount = slashed.find((event) => event.did === did)?.amount ?? 0;
      if (amount !== reserve) yield `${did} passed an invalid result and lost ${amount}, not ${reserve}`;
    }
  }
}

/** A dispute ends as its last instance says, and nothing of it moves before. */
function* heard({ applied, trace }: Step): Iterable<string> {
  const settled = ofType(applied.events, 'challenge_judged').filter(({ class: kind }) => JURY_CLASSES.includes(kind));
  const opened = everOf(trace, 'dispute_opened');
  for (const { subject, class: kind, challenger, upheld } of settled) {
    const about = opened.findLast(
      (event) => event.subject === subject && event.class === kind && event.challenger === challenger,
    );
    const last = everOf(trace, 'instance_ruled').findLast(({ challenge }) => challenge === about?.challenge);
    if (upheld !== (last?.ruling === 'uphold')) yield `${subject} is ${upheld}, its last instance said ${last?.ruling}`;
    const slashed = ofType(applied.events, 'slashed').map(({ did }) => did);
    if (slashed.length > 0 && trace.at(-1)?.entry.envelope.payload.verb !== 'CHALLENGE')
      yield `${slashed.join()} lost a reserve by what a jury found`;
  }
  const moved = ofType(applied.events, 'posting').find(({ code }) => SETTLING.includes(code));
  const moot = ofType(applied.events, 'lease_lost').some(({ reason }) => reason === 'overturned');
  if (moved !== undefined && settled.length === 0 && !moot) yield `${moved.code} before the last word`;
}

export default {
  id: 'P3',
  holds: 'an invalid result challenged in time never becomes final and costs its attesters; a valid one survives',
  needsModel: true,
  *check(step) {
    yield* judged(step);
    yield* heard(step);
    const { applied, trace } = step;
    for (const { commit } of ofType(applied.events, 'finalized')) {
      const about = (event: { readonly subject: string }): boolean => event.subject === commit;
      const sealed = everOf(trace, 'challenge_sealed').filter(about).length;
      const ended = everOf(trace, 'challenge_judged').filter(about);
      const lapsed = everOf(trace, 'challenge_lapsed').filter(about).length;
      if (sealed > ended.length + lapsed)
        yield `${commit} is final with ${sealed - ended.length - lapsed} challenges open`;
      if (ended.some(({ upheld, class: kind }) => upheld && RESULT_CLASSES.includes(kind)))
        yield `${commit} is final and was proved invalid`;
    }
  },
} satisfies Property;
