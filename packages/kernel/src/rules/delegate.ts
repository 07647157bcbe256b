import { delegationAccount, stakeAccount } from '../accounts.ts';
import { type Context, type Effect, type Rejection, reject } from '../context.ts';
import { admit, delegatedBy, delegationOf, delegationsOf } from '../delegations.ts';
import { transfer } from '../ledger.ts';
import { entityOf, freeStake } from '../pool.ts';
import { judgeOneAnother } from '../relations.ts';
import type { Judged, Rule } from './rule.ts';

/** DELEGATE: a delegate admits a delegator, who puts stake of its own behind it. Spec: `spec/04-verbs.md`, DELEGATE. */
export const judgeDelegate: Rule<'DELEGATE'> = (context, judged) => {
  const { from, body } = judged.payload;
  const { delegator, delegate } = body;
  // 1 delegation_party_only: one of two keys
  if (delegator === delegate || (from !== delegator && from !== delegate))
    return reject('delegation_party_only', { delegator, delegate });
  return from === delegate ? judgeAdmission(context, judged) : judgeDelegation(context, judged);
};

function judgeAdmission({ state, emit }: Context, { payload }: Judged<'DELEGATE'>): Rejection | Effect {
  const { delegator, delegate, amount } = payload.body;
  // 2 member_unknown: the delegate has a chain
  if ((state.members.get(delegate)?.tip ?? null) === null) return reject('member_unknown', { did: delegate });
  // 3 too_many_open
  const [open, most] = [delegationsOf(state, delegate).length, state.params.maxDelegators];
  if (delegationOf(state, delegator, delegate) === undefined && open >= most)
    return reject('too_many_open', { open, most });
  return () => {
    admit(state, delegator, delegate, amount);
    emit({ type: 'delegation_admitted', delegator, delegate, most: amount });
  };
}

function judgeDelegation(context: Context, { payload }: Judged<'DELEGATE'>): Rejection | Effect {
  const { state } = context;
  const { delegator, delegate, amount } = payload.body;
  const delegation = delegationOf(state, delegator, delegate);
  const before = delegation === undefined ? 0 : delegatedBy(state, delegate, delegation);
  // 4 delegation_refused: no more than the delegate takes
  if (delegation === undefined || before + amount > delegation.most)
    return reject('delegation_refused', { before, amount, most: delegation?.most ?? 0 });
  // 5 delegation_small
  const least = state.params.minDelegation;
  if (amount < least) return reject('delegation_small', { amount, least });
  // 6 stake_lacking
  const free = freeStake(state, delegator);
  if (free < amount) return reject('stake_lacking', { free, amount });
  // 7 delegation_judging: who judges another takes nothing of it, nor gives it anything
  const [above, below] = [entityOf(state, delegator), entityOf(state, delegate)];
  if (above !== below && judgeOneAnother(state, above, below))
    return reject('delegation_judging', { delegator: above, delegate: below });
  return () => {
    const credit = delegationAccount(delegator, delegate);
    transfer(context, { code: 'delegate', debit: stakeAccount(delegator), credit, amount });
    state.pool = null;
    context.emit({ type: 'delegated', delegator, delegate, amount });
  };
}
