import { freeAccount, unbondingAccount } from '../accounts.ts';
import { reject } from '../context.ts';
import { forgetEmpty } from '../delegations.ts';
import { transferAll } from '../ledger.ts';
import { unbondingsOf } from '../stake-exit.ts';
import type { Rule } from './rule.ts';

/** WITHDRAW: what is left of an unbonding whose period passed becomes free. Spec: `spec/04-verbs.md`, WITHDRAW. */
export const judgeWithdraw: Rule<'WITHDRAW'> = (context, { payload }) => {
  const { state } = context;
  const { from, body } = payload;
  // 1 unbonding_unknown: the sender has one of this id
  const all = unbondingsOf(state, from);
  const unbonding = all.find(({ id }) => id === body.unbonding);
  if (unbonding === undefined) return reject('unbonding_unknown', { unbonding: body.unbonding });
  // 2 unbonding_runs
  if (!unbonding.over) return reject('unbonding_runs', { unbonding: body.unbonding });
  return () => {
    const others = all.filter((one) => one !== unbonding);
    if (others.length > 0) state.unbondings.set(from, others);
    else state.unbondings.delete(from);
    transferAll(context, { code: 'withdraw', debit: unbondingAccount(unbonding.id), credit: freeAccount(from) });
    if (unbonding.delegate !== null) forgetEmpty(state, from, unbonding.delegate);
  };
};
