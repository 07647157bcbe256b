import type { Micro } from '@canswarm/protocol';
import { type AccountId, balanceOf } from './accounts.ts';
import type { Context } from './context.ts';
import { invariant } from './invariant.ts';

/** Why money moved. */
export type TransferCode =
  | 'genesis'
  | 'mint'
  | 'transfer'
  | 'stake'
  | 'delegate'
  | 'unbond'
  | 'withdraw'
  | 'hold'
  | 'hold_paid'
  | 'hold_returned'
  | 'escrow_price'
  | 'escrow_fees'
  | 'escrow_logs'
  | 'log_fee'
  | 'escrow_task'
  | 'task_returned'
  | 'plan_bond'
  | 'work_bond'
  | 'bond_returned'
  | 'bond_funds_attempt'
  | 'bond_burned'
  | 'bond_shared'
  | 'seat_reserve'
  | 'reserve_freed'
  | 'reserve_burned'
  | 'slash_shared'
  | 'stake_burned'
  | 'seat_fee'
  | 'seat_fee_burned'
  | 'silence_fee'
  | 'price'
  | 'planner_share'
  | 'reputation_burned'
  | 'undecidable_pay'
  | 'trial_sponsored'
  | 'trial_withheld'
  | 'trial_released'
  | 'trial_returned'
  | 'plant_levy'
  | 'plant_repaid'
  | 'refund'
  | 'challenge_bond'
  | 'challenge_bond_returned'
  | 'challenge_bond_burned'
  | 'appeal_bond'
  | 'appeal_bond_returned'
  | 'appeal_bond_burned'
  | 'jury_fee';

/** One movement of credits. `amount` is micro-credits, at least 0; an amount of 0 leaves no trace. */
export interface Transfer {
  readonly code: TransferCode;
  readonly debit: AccountId;
  readonly credit: AccountId;
  readonly amount: Micro;
}

/**
 * Moves credits between two accounts: the only function that changes a balance. The rules check that the money is
 * there before they call it; lacking money here is a broken law (INV-NON-NEGATIVE), not a rejection.
 */
export function transfer(context: Context, movement: Transfer): void {
  const { code, debit, credit, amount } = movement;
  invariant('INV-INTEGER', Number.isSafeInteger(amount) && amount >= 0, `${code} of ${amount}`);
  if (amount === 0) return;
  const { accounts } = context.state;
  const left = balanceOf(accounts, debit) - amount;
  invariant('INV-NON-NEGATIVE', left >= 0 || debit === 'mint', `${code}: ${debit} would hold ${left}`);
  invariant('INV-INTEGER', Number.isSafeInteger(left), `${code} overflows`);
  put(accounts, debit, left);
  // Read after the debit: debit and credit may be the same account.
  const grown = balanceOf(accounts, credit) + amount;
  invariant('INV-INTEGER', Number.isSafeInteger(grown), `${code} overflows`);
  put(accounts, credit, grown);
  context.emit({ type: 'posting', rule: context.rule, code, debit, credit, amount });
}

/** Moves all that an account holds. */
export function transferAll(context: Context, movement: Omit<Transfer, 'amount'>): Micro {
  const amount = balanceOf(context.state.accounts, movement.debit);
  transfer(context, { ...movement, amount });
  return amount;
}

/** Free, mint and burn accounts stay known when empty; accounts of one purpose end with their last credit. */
function put(accounts: Map<AccountId, Micro>, account: AccountId, balance: Micro): void {
  if (balance === 0 && !account.startsWith('free/') && account !== 'mint' && account !== 'burn') {
    accounts.delete(account);
  } else {
    accounts.set(account, balance);
  }
}
