import { openAlarm } from '../alarms.ts';
import { balance, isKnown, move } from '../ledger.ts';
import type { Part } from '../part.ts';

/** Escrows, and unbondings, that a key may have open. */
export const OPEN_MOST = 16;

export const escrow: Part<'ESCROW'> = {
  verb: 'ESCROW',
  *faults(model, { from, body }) {
    if (!body.create && !isKnown(model, body.to)) yield 'account_unknown';
    if (balance(model, `free/${from}`) < body.amount) yield 'funds_lacking';
    if (model.escrows.filter(({ open, payer }) => open && payer === from).length >= OPEN_MOST) yield 'too_many_open';
  },
  follow(model, { id, from, body }) {
    move(model, `free/${from}`, `hold/${id}`, body.amount);
    model.escrows.push({ id, payer: from, payee: body.to, open: true });
    openAlarm(model, `hold_end:${id}`, body.periodMs);
  },
};
