import { needRow } from '../../model/committees.ts';
import { JURY_CLASSES } from '../../model/disputes.ts';
import { begunSince } from '../lives.ts';
import { everOf, ofType, type Property, type Step } from '../step.ts';

const PROVED = ['schema_violation', 'missing_citation'];
const RESULT_CLASSES = [...PROVED, ...JURY_CLASSES];

/** A ruling is appealed once, and in the period that began at the first TICK after it, or anew in another life. */
function* appealed({ trace, model, from }: Step, challenge: string): Iterable<string> {
  const ruledAt = trace.findLastIndex(({ applied }) =>
    ofType(applied.events, 'instance_ruled').some((event) => event.challenge === challenge),
  );
  if (ruledAt < 0) return yield `${challenge} is appealed before a ruling`;
  const since = trace.slice(ruledAt + 1);
  const appeals = everOf(since, 'appealed').filter((event) => event.challenge === challenge);
  if (appeals.length > 1) yield `a ruling on ${challenge} is appealed twice`;
  const begun = begunSince(since, model.params.appealMs);
  if (begun !== undefined && from >= begun + model.params.appealMs) yield `${challenge} is appealed too late`;
}

export default {
  id: 'P12',
  holds: 'results that passed are challenged to the end of the window only, votes until their seats may be paid',
  needsModel: true,
  *check(step) {
    const { entry, applied, trace, model, from } = step;
    const { payload } = entry.envelope;
    if (applied.outcome.accepted && payload.verb === 'APPEAL') yield* appealed(step, payload.body.challenge);
    if (!applied.outcome.accepted || payload.verb !== 'CHALLENGE' || payload.body.opening !== null) return;
    const { subject, class: kind } = payload.body;
    const commit = model.commits.find(({ id }) => id === (subject as string));
    if (commit === undefined) {
      if (kind !== 'equivocation' && kind !== 'worse_bid')
        yield `a ${kind} challenge of ${subject}, which is no result`;
      const settled = everOf(trace.slice(0, -1), 'need_settled').some((event) => event.need === (subject as string));
      const posted = everOf(trace, 'need_opened').some((event) => event.need === (subject as string));
      if (!posted || settled) yield `a challenge of votes on ${subject}, which pays nobody`;
      return;
    }
    if (kind === 'worse_bid') yield `a ${kind} challenge of a result`;
    const index = trace.findIndex((seen) =>
      ofType(seen.applied.events, 'certified').some((event) => event.commit === subject),
    );
    const certified = ofType(trace[index]?.applied.events ?? [], 'certified').find((event) => event.commit === subject);
    const since = index < 0 ? [] : trace.slice(index + 1);
    const { challengeMs } = needRow(model, commit.need).body.windows;
    const hold = Math.max(model.params.holdMs, 2 * challengeMs);
    if (RESULT_CLASSES.includes(kind) && (certified?.verdict === 'pass' || !PROVED.includes(kind))) {
      if (certified?.verdict !== 'pass') yield `a ${kind} challenge of a result that did not pass`;
      const begun = begunSince(since, challengeMs);
      if (begun !== undefined && from >= begun + challengeMs)
        yield `a ${kind} challenge ${from - begun} ms into the window`;
      return;
    }
    if (PROVED.includes(kind) && certified === undefined) yield `a ${kind} challenge of what is not judged`;
    const begun = begunSince(since, hold);
    if (begun !== undefined && from >= begun + hold) yield `a ${kind} challenge ${from - begun} ms into the hold`;
  },
} satisfies Property;
