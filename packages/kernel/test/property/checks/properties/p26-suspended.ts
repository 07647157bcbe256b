import { namesOther } from '../../model/evidence.ts';
import { lastSeen, ofType, type Property } from '../step.ts';

export default {
  id: 'P26',
  holds:
    'no key is drawn by what is asked for between the vote that showed that it decides otherwise and its conforming',
  needsModel: true,
  *check({ applied, trace, entry, model }) {
    for (const { did, subject } of ofType(applied.events, 'seated')) {
      // Arbiters sit by name.
      const named = ofType(applied.events, 'instance_opened').filter(({ by }) => by === 'arbiters');
      if (named.some(({ challenge, instance }) => subject === `jury/${challenge}/${instance}`)) continue;
      const asked = trace.findLastIndex((seen) =>
        ofType(seen.applied.events, 'draw_pending').some((draw) => draw.subject === subject),
      );
      const about = lastSeen(
        trace.slice(0, asked + 1),
        (event) => (event.type === 'member_suspended' || event.type === 'member_conformed') && event.did === did,
      );
      if (about?.applied.events.some(({ type }) => type === 'member_suspended'))
        yield `${did} is drawn for ${subject} and was suspended when that was asked for`;
    }
    const { payload } = entry.envelope;
    for (const { did, vote } of ofType(applied.events, 'member_suspended')) {
      const shown = entry.evidence.envelopes.find(({ id }) => id === vote)?.payload;
      const isVote = shown?.verb === 'ATTEST_PLAN' || shown?.verb === 'ATTEST' || shown?.verb === 'REJECT';
      if (!isVote || shown.from !== did || !namesOther(model, shown)) yield `${did} said nothing that suspends it`;
    }
    for (const { did } of ofType(applied.events, 'member_conformed'))
      if (payload.verb !== 'CONFORM' || payload.from !== did) yield `${did} conforms by the word of another`;
  },
} satisfies Property;
