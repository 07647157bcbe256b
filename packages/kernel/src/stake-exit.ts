import type { Did, EnvelopeId, Micro } from '@canswarm/protocol';
import { type AccountId, balanceOf, stakeAccount, unbondingAccount } from './accounts.ts';
import type { Context } from './context.ts';
import { invariant } from './invariant.ts';
import { type TransferCode, transfer } from './ledger.ts';
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
 * Burns up to `fee` of a key's stake: of what backs nothing first, then of what unbonds, the earliest first. What was withdrawn is out
 * of reach. Gives what was burned. Spec: `spec/06-money.md`, bonds and reserves.
 */
export function burnStake(context: Context, code: TransferCode, did: Did, fee: Micro): Micro {
  const { state } = context;
  let burned = 0;
  for (const debit of exposed(state, did)) {
    const amount = Math.min(fee - burned, balanceOf(state.accounts, debit));
    transfer(context, { code, debit, credit: 'burn', amount });
    burned += amount;
  }
  if (burned > 0) state.pool = null;
  return burned;
}

/** What a charge on the stake of a key could take. */
export const exposedStake = (state: State, did: Did): Micro =>
  exposed(state, did).reduce((sum, account) => sum + balanceOf(state.accounts, account), 0);

const exposed = (state: State, did: Did): readonly AccountId[] => [
  stakeAccount(did),
  ...unbondingsOf(state, did).map(({ id }) => unbondingAccount(id)),
];
