import type { Signer } from '@canswarm/ports';
import { didOfKey } from '@canswarm/protocol';
import { expandSeed, signExpanded } from './sodium-crypto.ts';

/** A signer that holds its key in this process's memory. `seed`: 32 bytes, copied. Throws RangeError for any other length. */
export function softwareSigner(seed: Uint8Array): Signer {
  if (seed.length !== 32) throw new RangeError('a seed has 32 bytes');
  const { publicKey, secretKey } = expandSeed(seed);
  return {
    did: didOfKey(publicKey),
    sign: (message) => signExpanded(secretKey, message),
  };
}
