import type { Did, EnvelopeId, Micro } from '@canswarm/protocol';
import { type AccountId, balanceOf, stakeAccount, unbondingAccount } from './accounts.ts';
import type { Context } from './context.ts';
import { burnBacking, delegationsOf, unbondingsBehind } from './delegations.ts';
import { invariant } from './invariant.ts';
import { type Transfer, transfer } from './ledger.ts';
import type { State, Unbonding } from './state.ts';
import type { TimerId } from './timers.ts';

/** Unbondings of a key, the earliest first. */
export const unbondingsOf = (state: State, did: Did): readonly Unbonding[] => state.unbondings.get(did) ?? [];

export const unbondingTimer = (did: Did, id: EnvelopeId): TimerId => `unbonding:${did}/${id}`;

/** The period of an unbonding, named as its timer is, passed: what is left of it can be withdrawn. */
export function endUnbonding(context: Context, name: string): void {
  const slash = name.lastIndexOf('/');
  const [did, id] = [name.slice(0, slash) as Did, name.slice(slash + 1) as EnvelopeId];
  const unbonding = unbondingsOf(context.state, did).find((one) => one.id === id);
  invariant('INV-TIMER', unbonding !== undefined, `the period of ${id} outlived it`);
  unbonding.over = true;
  context.emit({ type: 'unbonding_over', unbonding: id, did });
}

/**
 * Burns a fee of the stake that a verifier stands with: of what backs nothing first, its own and by their shares that of others; then of
 * what unbonds, its own, then of each delegator, the earliest first. What was withdrawn is out of reach. Spec: `spec/06-money.md`, bonds
 * and reserves.
 */
export function burnStanding(context: Context, did: Did, fee: Micro): void {
  const { state } = context;
  const own = unbondingsOf(state, did).filter(({ delegate }) => delegate === null);
  const behind = delegationsOf(state, did).flatMap(({ delegator }) => unbondingsBehind(state, delegator, did));
  const unbonding = [...own, ...behind].map(({ id }) => unbondingAccount(id));
  const backed = burnBacking(context, did, fee);
  const burns = { code: 'silence_fee', credit: 'burn' } as const;
  if (backed + takeFrom(context, unbonding, fee - backed, burns) > 0) state.pool = null;
}

/**
 * Takes up to `most` of what a key itself has at stake, to an account: of what backs nothing first, then of what unbonds, the earliest
 * first. Nobody who stands behind it pays for what it says. Gives what was taken. Spec: `spec/06-money.md`, log fees.
 */
export function takeOwnStake(context: Context, did: Did, most: Micro, as: Pick<Transfer, 'code' | 'credit'>): Micro {
  const taken = takeFrom(context, exposed(context.state, did), most, as);
  if (taken > 0) context.state.pool = null;
  return taken;
}

/** What a key itself has at stake, and no seat reserves. */
export const exposedStake = (state: State, did: Did): Micro =>
  exposed(state, did).reduce((sum, account) => sum + balanceOf(state.accounts, account), 0);

const exposed = (state: State, did: Did): readonly AccountId[] => [
  stakeAccount(did),
  ...unbondingsOf(state, did).map(({ id }) => unbondingAccount(id)),
];

/** Takes up to `most` of what some accounts hold, the first first. Gives what was taken. */
function takeFrom(
  context: Context,
  sources: readonly AccountId[],
  most: Micro,
  as: Pick<Transfer, 'code' | 'credit'>,
): Micro {
  let taken = 0;
  for (const debit of sources) {
    const amount = Math.min(most - taken, balanceOf(context.state.accounts, debit));
    transfer(context, { ...as, debit, amount });
    taken += amount;
  }
  return taken;
}
