import { type Did, plantMark, toHex } from '@canswarm/protocol';
import { needRow } from '../committees.ts';
import { sha256 } from '../hash.ts';
import type { Part } from '../part.ts';

export const plant: Part<'PLANT'> = {
  verb: 'PLANT',
  *faults(model, { from, body }) {
    const need = model.needs.find(({ id, settled }) => id === body.need && !settled);
    if (need === undefined) return yield 'need_unknown';
    const due = plantMark({ requester: need.requester as Did, worker: from as Did, salt: body.salt }, sha256);
    if (need.parent !== null || toHex(due) !== toHex(need.body.mark)) yield 'plant_other';
    if (need.misfit?.worker !== from) yield 'plant_unjudged';
    if (need.misfit?.opened === true) yield 'plant_opened';
  },
  follow(model, { body }) {
    const need = needRow(model, body.need);
    if (need.misfit !== null) need.misfit = { ...need.misfit, opened: true };
  },
};
