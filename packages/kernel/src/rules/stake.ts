import { freeAccount, stakeAccount } from '../accounts.ts';
import { reject } from '../context.ts';
import { transfer } from '../ledger.ts';
import { freeBalance } from '../pool.ts';
import type { Rule } from './rule.ts';

/** STAKE: free credits become stake of the same key. Spec: `spec/04-verbs.md`, STAKE. */
export const judgeStake: Rule<'STAKE'> = (context, { payload }) => {
  const { state } = context;
  const { from, body } = payload;
  // 1 funds_lacking
  const free = freeBalance(state, from);
  if (free < body.amount) return reject('funds_lacking', { free, amount: body.amount });
  return () => {
    transfer(context, { code: 'stake', debit: freeAccount(from), credit: stakeAccount(from), amount: body.amount });
    state.pool = null;
  };
};
