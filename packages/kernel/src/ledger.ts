import type { Did, EnvelopeId, Micro, NeedId } from '@canswarm/protocol';
import type { Context } from './context.ts';
import { invariant } from './invariant.ts';

/**
 * The name of an account. `mint` is the only account that may be negative; the sum over all accounts is zero.
 * `free/DID` can be spent; `stake/DID` is stake that backs nothing yet, `reserve/DID` stake that backs judgements;
 * `bond/...` backs one attempt or challenge; `escrow/NEED` holds what a need may still pay. Spec: `spec/06-money.md`.
 */
export type AccountId =
  | 'mint'
  | 'burn'
  | `free/${string}`
  | `stake/${string}`
  | `reserve/${string}`
  | `bond/${string}`
  | `escrow/${string}`;

export const freeAccount = (did: Did): AccountId => `free/${did}`;
export const stakeAccount = (did: Did): AccountId => `stake/${did}`;
export const reserveAccount = (did: Did): AccountId => `reserve/${did}`;
export const workBondAccount = (need: NeedId, did: Did): AccountId => `bond/work/${need}/${did}`;
export const challengeBondAccount = (challenge: EnvelopeId): AccountId => `bond/challenge/${challenge}`;
export const escrowAccount = (need: NeedId): AccountId => `escrow/${need}`;

/** Why money moved. */
export type TransferCode =
  | 'genesis'
  | 'mint'
  | 'transfer'
  | 'stake'
  | 'escrow_price'
  | 'escrow_fees'
  | 'work_bond'
  | 'bond_returned'
  | 'bond_funds_attempt'
  | 'bond_burned'
  | 'bond_shared'
  | 'seat_reserve'
  | 'reserve_freed'
  | 'reserve_burned'
  | 'stake_burned'
  | 'slash_shared'
  | 'seat_fee'
  | 'silence_fee'
  | 'price'
  | 'planner_share'
  | 'undecidable_pay'
  | 'refund'
  | 'challenge_bond'
  | 'challenge_bond_returned'
  | 'challenge_bond_burned';

/** One movement of credits. `amount` is micro-credits, at least 0; an amount of 0 leaves no trace. */
export interface Transfer {
  readonly code: TransferCode;
  readonly debit: AccountId;
  readonly credit: AccountId;
  readonly amount: Micro;
}

/** The balance of an account in micro-credits; 0 for an account that does not exist. */
export function balanceOf(accounts: ReadonlyMap<AccountId, Micro>, account: AccountId): Micro {
  return accounts.get(account) ?? 0;
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
