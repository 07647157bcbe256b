import { logFee, logFund, needEscrow, type State, workBond } from '@canswarm/kernel';
import type { Micro, NeedBody } from '@canswarm/protocol';
import type { PostedNeed } from '../host/need-book.ts';
import type { Planned, Role } from './plant.ts';

/** Bytes of log space that each key of a plant can pay beside its bonds: its entries, and proofs of what seats passed. */
const LOG_BYTES = 65_536;

/** A need like one that was posted before. */
export function likeBody({ capSealed: _sealed, ...body }: PostedNeed): Planned['body'] {
  return { ...body, capSeal: null };
}

/** What the keys of a plant need: escrow and the bond of a challenge; the bond of the work. What is left is sent back. */
export function plantFunds(state: State, body: Planned['body']): Readonly<Record<Role, Micro>> {
  const { params } = state;
  const bond = workBond(state, { body, level: 1 });
  const logs = logFee(params, LOG_BYTES) + logFund(params);
  // A challenge costs a part of that bond, and what its proof weighs.
  return { requester: needEscrow(state, body).total + bond + logs, worker: bond + logs };
}

/** Whether a need can be planted again: work done whole, for which its worker puts up a bond. */
export const canBeLike = ({ plan, trial }: Pick<NeedBody, 'plan' | 'trial'>): boolean =>
  plan === null && trial === null;
