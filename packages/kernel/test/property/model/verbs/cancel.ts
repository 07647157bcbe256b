import { needRow } from '../committees.ts';
import { closeNeed, openNeed } from '../needs.ts';
import type { Part } from '../part.ts';
import { childrenOf } from '../plans.ts';

export const cancel: Part<'CANCEL'> = {
  verb: 'CANCEL',
  *faults(model, { from, body }) {
    const need = openNeed(model, body.need);
    if (need === undefined) return yield 'need_unknown';
    if (need.requester !== from) yield 'requester_only';
    const own = [need, ...childrenOf(model, need)];
    const busy = own.some(({ phase }) => phase === 'leased' || phase === 'committed' || phase === 'verified');
    if (busy || need.phase === 'final' || need.parent !== null) yield 'work_pending';
  },
  follow: (model, { body }) => closeNeed(model, needRow(model, body.need), 'cancelled'),
};
