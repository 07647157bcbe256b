import { bidSeal, capSeal, toHex } from '@canswarm/protocol';
import { sha256 } from '../../../support/keys.ts';
import { ofType, type Property } from '../step.ts';

export default {
  id: 'P19',
  holds: 'in a sealed auction bids are adopted as their bidders sealed them, and at most at the cap that was sealed',
  needsModel: false,
  *check({ entry, applied, state }) {
    const payloads = entry.evidence.envelopes.map(({ id, payload }) => ({ id, payload }));
    for (const { need, winner } of ofType(applied.events, 'need_decided')) {
      const row = state.needs.get(need);
      if (winner === null || row === undefined || row.body.auction === 'open') continue;
      if (row.capSealed) yield `${need} is decided while its cap is sealed`;
      const seals = payloads.flatMap(({ payload }) =>
        payload.verb === 'SEAL_BID' ? [`${payload.from} ${toHex(payload.body.seal)}`] : [],
      );
      const first = row.lease === null ? [] : [row.lease.bid];
      for (const id of new Set([winner, ...[...first, ...row.runnersUp].map((bid) => bid.id)])) {
        const bid = payloads.find((one) => one.id === id)?.payload;
        if (bid?.verb !== 'PROPOSE') yield `${id} is not shown`;
        else if (!seals.includes(`${bid.from} ${toHex(bidSeal(bid.from, bid.body, sha256))}`))
          yield `${id} is not as it was sealed`;
        else if (bid.body.price > row.pricePool) yield `${id} is above what is left`;
      }
    }
    for (const { need, cap } of ofType(applied.events, 'cap_opened')) {
      const row = state.needs.get(need);
      const due = row?.body.capSeal ?? null;
      const opened = payloads.some(
        ({ payload }) =>
          payload.verb === 'OPEN_CAP' &&
          payload.body.cap === cap &&
          due !== null &&
          toHex(capSeal(payload.from, cap, payload.body.salt, sha256)) === toHex(due),
      );
      if (!opened) yield `${need} pays ${cap} at most, which was not sealed`;
    }
  },
} satisfies Property;
