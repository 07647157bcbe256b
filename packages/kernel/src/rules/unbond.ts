import { balanceOf, delegationAccount, stakeAccount, unbondingAccount } from '../accounts.ts';
import { reject } from '../context.ts';
import { delegatedBy, delegationOf } from '../delegations.ts';
import { transfer } from '../ledger.ts';
import { unbondingsOf, unbondingTimer } from '../stake-exit.ts';
import { OPEN_PER_KEY_MAX, type Rule } from './rule.ts';

/** UNBOND: stake that backs nothing, of one's own or behind another, leaves use, and stays slashable for a period. Spec: `spec/04-verbs.md`, UNBOND. */
export const judgeUnbond: Rule<'UNBOND'> = (context, { entry, payload }) => {
  const { state } = context;
  const { from, body } = payload;
  const { delegate } = body;
  const delegation = delegate === null ? undefined : delegationOf(state, from, delegate);
  const debit = delegate === null ? stakeAccount(from) : delegationAccount(from, delegate);
  // 1 stake_lacking: what is in reserve for a seat stays there
  const free = balanceOf(state.accounts, debit);
  if (free < body.amount) return reject('stake_lacking', { free, amount: body.amount });
  // 2 too_many_open
  const open = unbondingsOf(state, from).length;
  if (open >= OPEN_PER_KEY_MAX) return reject('too_many_open', { open, most: OPEN_PER_KEY_MAX });
  // 3 delegation_small: all that is free goes, or enough stays
  const least = state.params.minDelegation;
  const left =
    delegate === null || delegation === undefined ? 0 : delegatedBy(state, delegate, delegation) - body.amount;
  if (delegate !== null && body.amount < free && left < least) return reject('delegation_small', { left, least });
  return () => {
    const { id } = entry.envelope;
    const credit = unbondingAccount(id);
    transfer(context, { code: 'unbond', debit, credit, amount: body.amount });
    state.unbondings.set(from, [...unbondingsOf(state, from), { id, delegate, over: false }]);
    state.timers.open(unbondingTimer(from, id), state.params.unbondingMs);
    state.pool = null;
    context.emit({ type: 'unbonding_opened', unbonding: id, did: from, amount: body.amount });
  };
};
