import type { PayloadOf, VerifiedEnvelope } from '@canswarm/protocol';
import { ofType, type Property } from '../step.ts';

/** The bids behind a bid that an entry shows, the last first. */
function chainOf(id: string | null, shown: readonly VerifiedEnvelope[]): readonly PayloadOf<'PROPOSE'>[] {
  const payload = shown.find((envelope) => envelope.id === id)?.payload;
  return payload?.verb === 'PROPOSE' ? [payload, ...chainOf(payload.body.outbids, shown)] : [];
}

export default {
  id: 'P18',
  holds: 'a bid that outdoes others did so by the step each time, and one bid of each entity stands',
  needsModel: false,
  *check({ entry, applied, state, model }) {
    for (const { need, winner } of ofType(applied.events, 'need_decided')) {
      const row = state.needs.get(need);
      if (winner === null || row === undefined) continue;
      const first = row.lease === null ? [] : [row.lease.bid];
      const adopted = [...first, ...row.runnersUp];
      const entities = adopted.map(({ worker }) => state.members.get(worker)?.entity);
      if (new Set(entities).size < entities.length) yield `${need} has two bids of one entity`;
      for (const id of [winner, ...adopted.map((bid) => bid.id)]) {
        const chain = chainOf(id, entry.evidence.envelopes);
        if (chain.length > model.params.bidTurns) yield `${id} is of turn ${chain.length}`;
        for (const [index, { body }] of chain.entries()) {
          const behind = chain[index + 1]?.body;
          if (body.outbids === null) continue;
          if (behind === undefined) yield `${id} outdoes what is not shown`;
          else if ((behind.price - body.price) * 10_000 < Math.max(1, behind.price * model.params.bidStepBps))
            yield `${id} improves ${behind.price} to ${body.price}`;
        }
      }
    }
  },
} satisfies Property;
