import { stakeAccount, unbondingAccount } from '../accounts.ts';
import { reject } from '../context.ts';
import { transfer } from '../ledger.ts';
import { freeStake } from '../pool.ts';
import { unbondingsOf, unbondingTimer } from '../stake-exit.ts';
import { OPEN_PER_KEY_MAX, type Rule } from './rule.ts';

/** UNBOND: stake that backs nothing leaves use, and stays slashable for a period. Spec: `spec/04-verbs.md`, UNBOND. */
export const judgeUnbond: Rule<'UNBOND'> = (context, { entry, payload }) => {
  const { state } = context;
  const { from, body } = payload;
  // 1 stake_lacking: what is in reserve for a seat stays there
  const free = freeStake(state, from);
  if (free < body.amount) return reject('stake_lacking', { free, amount: body.amount });
  // 2 too_many_open
  const open = unbondingsOf(state, from).length;
  if (open >= OPEN_PER_KEY_MAX) return reject('too_many_open', { open, most: OPEN_PER_KEY_MAX });
  return () => {
    const { id } = entry.envelope;
    const credit = unbondingAccount(id);
    transfer(context, { code: 'unbond', debit: stakeAccount(from), credit, amount: body.amount });
    state.unbondings.set(from, [...unbondingsOf(state, from), { id, over: false }]);
    state.timers.open(unbondingTimer(from, id), state.params.unbondingMs);
    state.pool = null;
    context.emit({ type: 'unbonding_opened', unbonding: id, did: from, amount: body.amount });
  };
};
