import { sodiumCrypto } from '@canswarm/local';
import { type Did, didOfKey } from '@canswarm/protocol';

/** The did:key of an Ed25519 seed. */
export const publicDid = (seed: Uint8Array): Did => didOfKey(sodiumCrypto().publicKey(seed));
