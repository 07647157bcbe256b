import type { Did, Micro } from '@canswarm/protocol';

/** What a delegator bears of an amount. */
export interface Share {
  readonly delegator: Did;
  readonly amount: Micro;
}

/** Stake of one key behind another. What of it backs nothing is in its account. */
export interface Delegation {
  readonly delegator: Did;
  /** What the delegate takes of this delegator at most. */
  most: Micro;
  /** What of it is in the delegate's reserve. Invariant (INV-DELEGATION): the shares of the delegate's seats. */
  reserved: Micro;
}
