import type { Did, Micro } from '@canswarm/protocol';
import { balanceOf, delegationAccount, reserveAccount, stakeAccount, unbondingAccount } from './accounts.ts';
import { mulDivFloor } from './amounts.ts';
import type { Context } from './context.ts';
import { invariant } from './invariant.ts';
import { transfer } from './ledger.ts';
import type { Delegation, Seat, Share, State, Unbonding } from './state.ts';

/** Who stands, or may stand, behind a key, in order of delegators. */
export const delegationsOf = (state: State, delegate: Did): readonly Delegation[] =>
  state.delegations.get(delegate) ?? [];

export const delegationOf = (state: State, delegator: Did, delegate: Did): Delegation | undefined =>
  delegationsOf(state, delegate).find((one) => one.delegator === delegator);

/** What of a delegation backs nothing. */
const freeOf = (state: State, delegate: Did, { delegator }: Pick<Delegation, 'delegator'>): Micro =>
  balanceOf(state.accounts, delegationAccount(delegator, delegate));

/** All of a delegation that is not on its way out. */
export const delegatedBy = (state: State, delegate: Did, delegation: Delegation): Micro =>
  freeOf(state, delegate, delegation) + delegation.reserved;

/** Unbondings of what a delegator had behind a key, the earliest first. */
export const unbondingsBehind = (state: State, delegator: Did, delegate: Did): readonly Unbonding[] =>
  (state.unbondings.get(delegator) ?? []).filter((one) => one.delegate === delegate);

/** All that a delegator has at stake behind a key: what it withdraws stays within reach of the delegate's charges. */
export const exposedBy = (state: State, delegate: Did, delegation: Delegation): Micro =>
  unbondingsBehind(state, delegation.delegator, delegate).reduce(
    (sum, { id }) => sum + balanceOf(state.accounts, unbondingAccount(id)),
    delegatedBy(state, delegate, delegation),
  );

/** How much of what others delegated counts beside a key's own stake. Spec: `spec/06-money.md`, delegation. */
export const countedBeside = (state: State, own: Micro, delegated: Micro): Micro =>
  Math.min(delegated, own * state.params.delegatedTimesMax);

/** Stake with which a key can back another judgement: its own that backs nothing, and what counts beside that. */
export function backing(state: State, did: Did): Micro {
  const own = balanceOf(state.accounts, stakeAccount(did));
  return own + countedBeside(state, own, freeDelegated(state, did));
}

const freeDelegated = (state: State, did: Did): Micro =>
  delegationsOf(state, did).reduce((sum, one) => sum + freeOf(state, did, one), 0);

/**
 * How much of an amount each delegator bears, by stake that backs nothing; the rest is the key's own. The amount is at most what backs.
 * Spec: `spec/06-money.md`, delegation.
 */
function sharesOf(state: State, did: Did, amount: Micro): readonly Share[] {
  const own = balanceOf(state.accounts, stakeAccount(did));
  const all = freeDelegated(state, did);
  const counted = countedBeside(state, own, all);
  if (counted === 0) return [];
  const delegated = mulDivFloor(amount, counted, own + counted);
  let before = 0;
  let given = 0;
  const shares = delegationsOf(state, did).map((one) => {
    before += freeOf(state, did, one);
    const share = mulDivFloor(delegated, before, all) - given;
    given += share;
    return { delegator: one.delegator, amount: share };
  });
  return shares.filter((share) => share.amount > 0);
}

const sumOf = (shares: readonly Share[]): Micro => shares.reduce((sum, { amount }) => sum + amount, 0);

/** Moves stake of a key and of those behind it into its reserve, for one seat. Gives what each of them bears. */
export function takeReserve(context: Context, did: Did, amount: Micro): readonly Share[] {
  const { state } = context;
  const shares = sharesOf(state, did, amount);
  const credit = reserveAccount(did);
  const own = amount - sumOf(shares);
  transfer(context, { code: 'seat_reserve', debit: stakeAccount(did), credit, amount: own });
  for (const { delegator, amount: part } of shares) {
    transfer(context, { code: 'seat_reserve', debit: delegationAccount(delegator, did), credit, amount: part });
    reservedOf(state, delegator, did).reserved += part;
  }
  return shares;
}

/** Gives a seat's reserve back to those whose stake it was. */
export function returnReserve(context: Context, seat: Seat): void {
  const debit = reserveAccount(seat.did);
  const shares = endShares(context.state, seat);
  const own = seat.reserved - sumOf(shares);
  seat.reserved = 0;
  transfer(context, { code: 'reserve_freed', debit, credit: stakeAccount(seat.did), amount: own });
  for (const { delegator, amount } of shares)
    transfer(context, { code: 'reserve_freed', debit, credit: delegationAccount(delegator, seat.did), amount });
}

/** A seat's reserve is taken from all who bear it, each by its share. Gives the amount. */
export function loseReserve(context: Context, seat: Seat): Micro {
  const amount = seat.reserved;
  const shares = endShares(context.state, seat);
  seat.reserved = 0;
  for (const { delegator } of shares) forgetEmpty(context.state, delegator, seat.did);
  context.state.pool = null;
  return amount;
}

function endShares(state: State, seat: Seat): readonly Share[] {
  const { shares, did } = seat;
  seat.shares = [];
  for (const { delegator, amount } of shares) reservedOf(state, delegator, did).reserved -= amount;
  return shares;
}

function reservedOf(state: State, delegator: Did, delegate: Did): Delegation {
  const delegation = delegationOf(state, delegator, delegate);
  invariant('INV-DELEGATION', delegation !== undefined, `${delegator} has nothing behind ${delegate}`);
  return delegation;
}

/** Burns a fee of stake that backs nothing, of the key's own and of those behind it by their shares. Gives what was burned. */
export function burnBacking(context: Context, did: Did, fee: Micro): Micro {
  const { state } = context;
  const amount = Math.min(fee, backing(state, did));
  const shares = sharesOf(state, did, amount);
  const own = amount - sumOf(shares);
  transfer(context, { code: 'silence_fee', debit: stakeAccount(did), credit: 'burn', amount: own });
  for (const { delegator, amount: part } of shares) {
    const debit = delegationAccount(delegator, did);
    transfer(context, { code: 'silence_fee', debit, credit: 'burn', amount: part });
    forgetEmpty(state, delegator, did);
  }
  return amount;
}

/** Puts a delegation among those of its delegate, in order of delegators. */
export function admit(state: State, delegator: Did, delegate: Did, most: Micro): void {
  const known = delegationOf(state, delegator, delegate);
  if (known !== undefined) known.most = most;
  else {
    const all = [...delegationsOf(state, delegate), { delegator, most, reserved: 0 }];
    state.delegations.set(
      delegate,
      all.sort((a, b) => (a.delegator < b.delegator ? -1 : 1)),
    );
  }
  forgetEmpty(state, delegator, delegate);
}

/** Forgets a delegation that holds nothing, has nothing on its way out, and is admitted no more. */
export function forgetEmpty(state: State, delegator: Did, delegate: Did): void {
  const one = delegationOf(state, delegator, delegate);
  if (one === undefined || one.most > 0 || delegatedBy(state, delegate, one) > 0) return;
  if (unbondingsBehind(state, delegator, delegate).length > 0) return;
  const left = delegationsOf(state, delegate).filter((other) => other !== one);
  if (left.length > 0) state.delegations.set(delegate, left);
  else state.delegations.delete(delegate);
}
