import { dropAlarm } from '../alarms.ts';
import { balance, move, moveAll } from '../ledger.ts';
import type { Part } from '../part.ts';
import type { EscrowRow, Model } from '../tables.ts';

/** `amount` goes to the payee, the rest back. */
export function settleEscrow(model: Model, row: EscrowRow, amount: number): void {
  row.open = false;
  move(model, `hold/${row.id}`, `free/${row.payee}`, amount);
  moveAll(model, `hold/${row.id}`, `free/${row.payer}`);
  dropAlarm(model, `hold_end:${row.id}`);
}

export const settle: Part<'SETTLE'> = {
  verb: 'SETTLE',
  *faults(model, { from, body }) {
    const row = model.escrows.find(({ id, open }) => open && id === body.escrow);
    if (row === undefined) return yield 'escrow_unknown';
    if (from !== row.payer && from !== row.payee) yield 'escrow_party_only';
    if (body.amount > (from === row.payer ? balance(model, `hold/${row.id}`) : 0)) yield 'escrow_exceeded';
  },
  follow(model, { body }) {
    const row = model.escrows.find(({ id }) => id === body.escrow);
    if (row !== undefined) settleEscrow(model, row, body.amount);
  },
};
