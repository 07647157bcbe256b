import { everOf, ofType, type Property } from '../step.ts';

export default {
  id: 'P1',
  holds: 'one DECIDE takes effect per need and round',
  needsModel: false,
  *check({ applied, trace }) {
    for (const { need, round } of ofType(applied.events, 'need_decided')) {
      const same = everOf(trace, 'need_decided').filter((other) => other.need === need && other.round === round);
      if (same.length > 1) yield `${need} is decided ${same.length} times in round ${round}`;
    }
  },
} satisfies Property;
