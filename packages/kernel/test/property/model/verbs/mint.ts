import { balance, isKnown, move } from '../ledger.ts';
import type { Part } from '../part.ts';

export const mint: Part<'MINT'> = {
  verb: 'MINT',
  *faults(model, { from, body }) {
    if (from !== model.genesis.authority) yield 'authority_only';
    if (body.amount - balance(model, 'mint') > model.genesis.supplyCap) yield 'supply_cap';
    if (!body.create && !isKnown(model, body.to)) yield 'account_unknown';
  },
  follow: (model, { body }) => move(model, 'mint', `free/${body.to}`, body.amount),
};
