import type { Did, Micro } from '@canswarm/protocol';

/** A seal was not laid: its key could pay for the seal alone, or not even for that, and would lose the bond of what it cannot open. */
export class SealFundsError extends Error {
  override readonly name = 'SealFundsError';
  readonly did: Did;
  readonly free: Micro;
  readonly funds: Micro;

  constructor({ did, free, funds }: Pick<SealFundsError, 'did' | 'free' | 'funds'>) {
    super(`a challenge takes ${funds} micro-credits until it is judged, and its key has ${free}`);
    this.did = did;
    this.free = free;
    this.funds = funds;
  }
}
