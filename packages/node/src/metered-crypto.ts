import type { Meter } from '@canswarm/ports';
import type { Crypto } from '@canswarm/protocol';

/** The same crypto; counts `signatures.checked`, the Ed25519 verifications that a node asks for. */
export const meteredCrypto = (crypto: Crypto, meter: Meter): Crypto => ({
  sha256: (bytes) => crypto.sha256(bytes),
  sign: (seed, message) => crypto.sign(seed, message),
  publicKey: (seed) => crypto.publicKey(seed),
  verify(publicKey, message, signature) {
    meter.add('signatures.checked', 1);
    return crypto.verify(publicKey, message, signature);
  },
});
