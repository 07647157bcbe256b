import { balance, isKnown, move } from '../ledger.ts';
import type { Part } from '../part.ts';

export const transfer: Part<'TRANSFER'> = {
  verb: 'TRANSFER',
  *faults(model, { from, body }) {
    if (!body.create && !isKnown(model, body.to)) yield 'account_unknown';
    if (balance(model, `free/${from}`) < body.amount) yield 'funds_lacking';
  },
  follow: (model, { from, body }) => move(model, `free/${from}`, `free/${body.to}`, body.amount),
};
