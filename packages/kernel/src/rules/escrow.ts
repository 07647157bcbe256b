import { freeAccount, holdAccount } from '../accounts.ts';
import { reject } from '../context.ts';
import { transfer } from '../ledger.ts';
import { freeBalance } from '../pool.ts';
import { OPEN_PER_KEY_MAX, type Rule } from './rule.ts';

/** ESCROW: a transfer that waits. Spec: `spec/04-verbs.md`, ESCROW. */
export const judgeEscrow: Rule<'ESCROW'> = (context, { entry, payload }) => {
  const { state } = context;
  const { from, body } = payload;
  const { to, amount, periodMs, create } = body;
  // 1 account_unknown
  const payee = freeAccount(to);
  if (!create && !state.accounts.has(payee)) return reject('account_unknown', { to });
  // 2 funds_lacking
  const free = freeBalance(state, from);
  if (free < amount) return reject('funds_lacking', { free, amount });
  // 3 too_many_open
  const open = state.escrowsOpen.get(from) ?? 0;
  if (open >= OPEN_PER_KEY_MAX) return reject('too_many_open', { open, most: OPEN_PER_KEY_MAX });
  return () => {
    const { id } = entry.envelope;
    transfer(context, { code: 'hold', debit: freeAccount(from), credit: holdAccount(id), amount });
    state.escrows.set(id, { id, payer: from, payee: to });
    state.escrowsOpen.set(from, open + 1);
    state.timers.open(`hold_end:${id}`, periodMs);
    context.emit({ type: 'escrow_opened', escrow: id, payer: from, payee: to, amount });
  };
};
