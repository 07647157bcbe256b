import { freeAccount } from '../accounts.ts';
import { reject } from '../context.ts';
import { transfer } from '../ledger.ts';
import { freeBalance } from '../pool.ts';
import type { Rule } from './rule.ts';

/** TRANSFER: free credits to another key. Spec: `spec/04-verbs.md`, TRANSFER. */
export const judgeTransfer: Rule<'TRANSFER'> = (context, { payload }) => {
  const { state } = context;
  const { from, body } = payload;
  // 1 account_unknown: a mistyped receiver is refused unless the sender says it is new
  const credit = freeAccount(body.to);
  if (!body.create && !state.accounts.has(credit)) return reject('account_unknown', { to: body.to });
  // 2 funds_lacking
  const free = freeBalance(state, from);
  if (free < body.amount) return reject('funds_lacking', { free, amount: body.amount });
  return () => transfer(context, { code: 'transfer', debit: freeAccount(from), credit, amount: body.amount });
};
