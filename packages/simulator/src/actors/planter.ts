import type { KernelEvent } from '@canswarm/kernel';
import type { RandomStream, Signer } from '@canswarm/ports';
import { type Did, plantMark, type Sha256 } from '@canswarm/protocol';
import type { Voice } from './voice.ts';

const SALT_BYTES = 32;

/** Opens as its plant every need at which its first result was judged wrong, twice, whether it was one or not. */
export class Planter {
  readonly #voice: Voice;
  readonly #signer: Signer;
  readonly #salt: Uint8Array;

  constructor(voice: Voice, signer: Signer, stream: RandomStream) {
    this.#voice = voice;
    this.#signer = signer;
    this.#salt = stream.bytes(SALT_BYTES);
  }

  /** What binds it to the needs of a requester. */
  markOf(requester: Did, sha256: Sha256): Uint8Array {
    return plantMark({ requester, worker: this.#signer.did, salt: this.#salt }, sha256);
  }

  onLost({ holder, need, reason }: Extract<KernelEvent, { readonly type: 'lease_lost' }>): void {
    if (holder !== this.#signer.did || (reason !== 'failed' && reason !== 'overturned')) return;
    const open = (): Uint8Array =>
      this.#voice.entry(this.#signer, { verb: 'PLANT', body: { need, salt: this.#salt } }, need);
    this.#voice.append([open(), open()]);
  }
}
