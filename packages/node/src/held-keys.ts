import type { Did } from '@canswarm/protocol';
import type { Identity } from './identity.ts';

/** The keys of a node, as they are now. Invariant: each at most once. */
export class HeldKeys {
  readonly list: Identity[];

  constructor(identities: readonly Identity[]) {
    this.list = [...identities];
  }

  find(did: Did | undefined): Identity | undefined {
    return this.list.find(({ signer }) => signer.did === did);
  }

  /** Throws RangeError for one that is not held. */
  held(did: Did): Identity {
    const identity = this.find(did);
    if (identity === undefined) throw new RangeError(`this node does not hold the key ${did}`);
    return identity;
  }

  /** Throws RangeError for one that is held. */
  add(identity: Identity): void {
    const { did } = identity.signer;
    if (this.find(did) !== undefined) throw new RangeError(`this node holds ${did} already`);
    this.list.push(identity);
  }

  remove(did: Did): void {
    const at = this.list.findIndex(({ signer }) => signer.did === did);
    if (at >= 0) this.list.splice(at, 1);
  }
}
