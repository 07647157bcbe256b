import { moveAll } from '../ledger.ts';
import type { Part } from '../part.ts';

export const withdraw: Part<'WITHDRAW'> = {
  verb: 'WITHDRAW',
  *faults(model, { from, body }) {
    const row = model.unbondings.find(({ id, did, withdrawn }) => id === body.unbonding && did === from && !withdrawn);
    if (row === undefined) yield 'unbonding_unknown';
    else if (!row.over) yield 'unbonding_runs';
  },
  follow(model, { from, body }) {
    for (const row of model.unbondings) if (row.id === body.unbonding) row.withdrawn = true;
    moveAll(model, `unbonding/${body.unbonding}`, `free/${from}`);
  },
};
