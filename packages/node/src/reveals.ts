import { type OwnDuty, rejoinDuty, type State } from '@canswarm/kernel';
import type { Store } from '@canswarm/ports';
import { type Did, toHex } from '@canswarm/protocol';
import type { Identity } from './identity.ts';
import { RevealCursor } from './reveal-cursor.ts';

type Verifier = Pick<Identity, 'signer' | 'chain'>;

/** What a node's verifiers reveal next of their hash chains. */
export class Reveals {
  readonly #state: State;
  readonly #store: Store;
  readonly #cursors = new Map<Did, RevealCursor>();

  constructor({ state, store }: { readonly state: State; readonly store: Store }) {
    this.#state = state;
    this.#store = store;
  }

  /** The value that a key reveals now, spent by that; null: it has none that the log follows to. */
  next({ signer: { did }, chain }: Verifier): Uint8Array | null {
    const member = this.#state.members.get(did);
    const index = member === undefined || chain === null ? null : this.#cursor(did).next(member.revealsLeft);
    return index === null || chain === null ? null : chain.at(index);
  }

  /** JOIN again, where it is due; where the log cannot follow a key's chain, with the value that it goes on from. */
  rejoinDuty({ signer: { did }, chain }: Verifier): OwnDuty | null {
    const rest = chain === null ? null : this.#cursor(did).cutOff(this.#state.members.get(did)?.revealsLeft ?? 0);
    const anew = chain === null || rest === null ? null : { tip: toHex(chain.at(rest)), length: rest };
    return rejoinDuty(this.#state, did, anew);
  }

  #cursor(did: Did): RevealCursor {
    let cursor = this.#cursors.get(did);
    if (cursor === undefined) {
      cursor = new RevealCursor(this.#store, did);
      this.#cursors.set(did, cursor);
    }
    return cursor;
  }
}
