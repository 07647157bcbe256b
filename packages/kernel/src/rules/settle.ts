import { balanceOf, holdAccount } from '../accounts.ts';
import { reject } from '../context.ts';
import { settleEscrow } from '../escrows.ts';
import type { Rule } from './rule.ts';

/** SETTLE: the payer pays out of an escrow, or the payee gives it back. Spec: `spec/04-verbs.md`, SETTLE. */
export const judgeSettle: Rule<'SETTLE'> = (context, { payload }) => {
  const { state } = context;
  const { from, body } = payload;
  // 1 escrow_unknown
  const escrow = state.escrows.get(body.escrow);
  if (escrow === undefined) return reject('escrow_unknown', { escrow: body.escrow });
  // 2 escrow_party_only
  if (from !== escrow.payer && from !== escrow.payee) return reject('escrow_party_only', { escrow: body.escrow });
  // 3 escrow_exceeded: at most what is held; a payee gives all of it back
  const most = from === escrow.payer ? balanceOf(state.accounts, holdAccount(escrow.id)) : 0;
  if (body.amount > most) return reject('escrow_exceeded', { amount: body.amount, most });
  return () => settleEscrow(context, escrow.id, body.amount);
};
