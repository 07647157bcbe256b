import { balance, move } from '../ledger.ts';
import type { Part } from '../part.ts';

export const stake: Part<'STAKE'> = {
  verb: 'STAKE',
  *faults(model, { from, body }) {
    if (balance(model, `free/${from}`) < body.amount) yield 'funds_lacking';
  },
  follow: (model, { from, body }) => move(model, `free/${from}`, `stake/${from}`, body.amount),
};
