import { needRow } from '../../model/committees.ts';
import { ofType, type Property } from '../step.ts';

const RESULT_CLASSES = ['schema_violation', 'missing_citation'];

export default {
  id: 'P12',
  holds: 'results are challenged from their pass to the end of the window only, votes until their seats may be paid',
  needsModel: true,
  *check({ entry, applied, trace, model, from }) {
    const { payload } = entry.envelope;
    if (!applied.outcome.accepted || payload.verb !== 'CHALLENGE' || payload.body.opening !== null) return;
    const { subject, class: kind } = payload.body;
    const commit = model.commits.find(({ id }) => id === (subject as string));
    if (commit === undefined) return yield `a challenge of ${subject}, which is no result`;
    const index = trace.findIndex((seen) =>
      ofType(seen.applied.events, 'certified').some((event) => event.commit === subject),
    );
    const certified = ofType(trace[index]?.applied.events ?? [], 'certified').find((event) => event.commit === subject);
    // Both periods begin at the log time of the first TICK after the certificate.
    const ticked = (at: number): boolean =>
      trace[at]?.entry.envelope.payload.verb === 'TICK' && trace[at]?.applied.outcome.accepted === true;
    const first = trace.findIndex((_, at) => index >= 0 && at > index && ticked(at));
    const begun = trace[first]?.to;
    const { challengeMs } = needRow(model, commit.need).body.windows;
    const hold = Math.max(model.params.holdMs, 2 * challengeMs);
    if (RESULT_CLASSES.includes(kind)) {
      if (certified?.verdict !== 'pass') yield `a ${kind} challenge of a result that did not pass`;
      if (begun !== undefined && from >= begun + challengeMs)
        yield `a ${kind} challenge ${from - begun} ms into the window`;
    } else if (begun !== undefined && from >= begun + hold)
      yield `a ${kind} challenge ${from - begun} ms into the hold`;
  },
} satisfies Property;
