import type { Did, EnvelopeId, Micro } from '@canswarm/protocol';
import { freeAccount, holdAccount } from './accounts.ts';
import type { Context } from './context.ts';
import { invariant } from './invariant.ts';
import { transfer, transferAll } from './ledger.ts';
import type { Escrow, State } from './state.ts';

/** Escrows that a key set aside, and those that are for it. */
export const escrowsOf = ({ escrows }: State, did: Did): readonly Escrow[] =>
  [...escrows.values()].filter(({ payer, payee }) => payer === did || payee === did);

/** Ends an escrow: `amount` goes to the payee, the rest back to the payer. */
export function settleEscrow(context: Context, id: EnvelopeId, amount: Micro): void {
  const { state } = context;
  const escrow = state.escrows.get(id);
  invariant('INV-HOLD', escrow !== undefined, `${id} is settled twice`);
  const debit = holdAccount(id);
  transfer(context, { code: 'hold_paid', debit, credit: freeAccount(escrow.payee), amount });
  const returned = transferAll(context, { code: 'hold_returned', debit, credit: freeAccount(escrow.payer) });
  state.escrows.delete(id);
  const left = (state.escrowsOpen.get(escrow.payer) ?? 0) - 1;
  if (left > 0) state.escrowsOpen.set(escrow.payer, left);
  else state.escrowsOpen.delete(escrow.payer);
  state.timers.cancel(`hold_end:${id}`);
  context.emit({ type: 'escrow_settled', escrow: id, paid: amount, returned });
}
