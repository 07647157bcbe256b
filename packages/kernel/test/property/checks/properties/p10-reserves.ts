import { committeeOf, reserveOf } from '../../model/committees.ts';
import type { Property } from '../step.ts';

export default {
  id: 'P10',
  holds: 'seats hold their reserves, and no stake backs two of them',
  needsModel: true,
  *check({ state, model }) {
    const due = new Map<string, number>();
    for (const committee of state.committees.values()) {
      const row = committeeOf(model, committee.subject);
      if (row === undefined || committee.k === 0) continue;
      const reserve = reserveOf(model, row, committee.k, committee.n);
      for (const { did, status, ballot, vote, reserved } of committee.seats) {
        due.set(did, (due.get(did) ?? 0) + reserved);
        const mayBeFree =
          status !== 'seated' || ballot !== committee.ballot || (vote === null && committee.phase === 'certified');
        if (reserved !== reserve && !(mayBeFree && reserved === 0))
          yield `${did} reserves ${reserved}, ${reserve} is due`;
      }
    }
    for (const [did, reserved] of due) {
      const held = state.accounts.get(`reserve/${did}`) ?? 0;
      if (held !== reserved) yield `${did} holds ${held} in reserve for seats that count ${reserved}`;
    }
  },
} satisfies Property;
