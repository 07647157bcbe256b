import type { Did, Micro } from '@canswarm/protocol';
import { balanceOf, freeAccount, TRIAL_FUND, trialAccount } from './accounts.ts';
import { mulDivFloor } from './amounts.ts';
import type { Context } from './context.ts';
import { transfer, transferAll } from './ledger.ts';
import { workBond } from './need-money.ts';
import { freeBalance } from './pool.ts';
import { burnOf, identityOf } from './reputation.ts';
import type { Bid, Need, State } from './state.ts';

type Asked = Pick<Need, 'body' | 'requester' | 'level'>;

/** What a key can lock as the bond of a task that is no trial: what trials withheld counts, since such a task frees it. */
export const bondFunds = (state: State, did: Did): Micro =>
  freeBalance(state, did) + balanceOf(state.accounts, trialAccount(did));

/** Whether a key may take a trial: it is another's, and it had fewer than `trialsPerIdentity` lately. Source: `spec/06-money.md`, trials. */
export function mayTry(state: State, { body, requester }: Pick<Need, 'body' | 'requester'>, did: Did): boolean {
  if (body.trial === null) return true;
  const identity = identityOf(state, did);
  return identity !== identityOf(state, requester) && trialsOf(state, did) < state.params.trialsPerIdentity;
}

/** Trials that a key's identity took lately. */
export const trialsOf = (state: State, did: Did): number => state.trials.get(identityOf(state, did)) ?? 0;

/** Whether a key may take a task, and has its bond. */
export const canTake = (state: State, need: Asked, did: Did): boolean =>
  mayTry(state, need, did) && bondFunds(state, did) >= workBond(state, need);

/** A key takes a task: a trial is counted, whatever comes of it; any other frees what trials withheld. */
export function enterTask(context: Context, need: Need, did: Did): void {
  const { state } = context;
  if (need.body.trial === null) {
    transferAll(context, { code: 'trial_released', debit: trialAccount(did), credit: freeAccount(did) });
    return;
  }
  state.trials.set(identityOf(state, did), trialsOf(state, did) + 1);
}

/** A trial came to nothing by its worker: who fails one takes no other for a while, so that those who cannot leave trials to those who can. */
export function failTrial({ state }: Context, need: Need, did: Did): void {
  if (need.body.trial !== null) state.trials.set(identityOf(state, did), state.params.trialsPerIdentity);
}

/** Part of what a trial paid stays out of reach until its worker takes a task with a bond. */
export function withhold(context: Context, need: Need, bid: Bid): void {
  if (need.body.trial === null) return;
  const { params } = context.state;
  const paid = bid.workerPrice - burnOf(params, bid).worker;
  const amount = mulDivFloor(paid, params.trialWithheldBps, 10_000);
  transfer(context, {
    code: 'trial_withheld',
    debit: freeAccount(bid.worker),
    credit: trialAccount(bid.worker),
    amount,
  });
}

/** What the fund for sponsored trials holds. */
export const trialFundOf = ({ accounts }: State): Micro => balanceOf(accounts, TRIAL_FUND);

/** Sponsored needs of a requester that are not settled. */
export function sponsoredOf(state: State, requester: Did): number {
  const identity = identityOf(state, requester);
  let open = 0;
  for (const need of state.needs.values())
    if (need.body.trial === 'sponsored' && identityOf(state, need.requester) === identity) open += 1;
  return open;
}
