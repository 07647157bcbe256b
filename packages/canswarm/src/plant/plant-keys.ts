import type { Signer } from '@canswarm/ports';
import { type Crypto, concat, type Did, didOfKey, plantMark, utf8 } from '@canswarm/protocol';
import type { Role } from './plant.ts';

/** What a plant is signed and opened with. */
export interface PlantKeys {
  readonly requester: Signer;
  readonly worker: Signer;
  /** 32 bytes */
  readonly salt: Uint8Array;
  /** 32 bytes */
  readonly mark: Uint8Array;
}

/** The keys of the plant of that number: all follow from one secret of the node, and nobody else can tell that they belong together. */
export function plantKeys(secret: Uint8Array, number: number, crypto: Crypto): PlantKeys {
  const derived = (what: Role | 'salt'): Uint8Array =>
    crypto.sha256(concat([utf8(`canswarm/plant/${what}/${number}/`), secret]));
  const [requester, worker] = [signerOf(derived('requester'), crypto), signerOf(derived('worker'), crypto)];
  const salt = derived('salt');
  const named: { requester: Did; worker: Did } = { requester: requester.did, worker: worker.did };
  return { requester, worker, salt, mark: plantMark({ ...named, salt }, crypto.sha256) };
}

function signerOf(seed: Uint8Array, crypto: Crypto): Signer {
  return { did: didOfKey(crypto.publicKey(seed)), sign: (message) => crypto.sign(seed, message) };
}
