import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { BoundedCache, type Crypto, toHex } from '@canswarm/protocol';
import { sha256 } from './sha256.ts';

/** Public keys kept as key objects in each of the cache's two generations. */
const KEYS_KEPT = 1024;

/** DER of an Ed25519 private key up to its 32 bytes (RFC 8410, section 7). */
const PKCS8_PREFIX = Uint8Array.of(0x30, 46, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 34, 4, 32);

function privateKey(seed: Uint8Array): KeyObject {
  if (seed.length !== 32) throw new RangeError('a seed has 32 bytes');
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

function publicKeyObject(bytes: Uint8Array): KeyObject {
  const x = Buffer.from(bytes).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function publicKeyBytes(key: KeyObject): Uint8Array {
  const { x } = key.export({ format: 'jwk' });
  if (typeof x !== 'string') throw new Error('an Ed25519 key has its x coordinate');
  return new Uint8Array(Buffer.from(x, 'base64url'));
}

/**
 * The same as `sodiumCrypto` by OpenSSL alone: slower, needs no native package, and an independent second opinion. Keeps the
 * key objects of at most a few thousand public keys and no seed.
 */
export function nodeCrypto(): Crypto {
  const keys = new BoundedCache<string, KeyObject>(KEYS_KEPT);
  const keyOf = (bytes: Uint8Array): KeyObject => {
    const name = toHex(bytes);
    const kept = keys.get(name);
    if (kept !== undefined) return kept;
    const key = publicKeyObject(bytes);
    keys.set(name, key);
    return key;
  };
  return {
    sha256,
    sign: (seed, message) => new Uint8Array(sign(null, message, privateKey(seed))),
    publicKey: (seed) => publicKeyBytes(createPublicKey(privateKey(seed))),
    verify: (publicKey, message, signature) => verify(null, message, keyOf(publicKey), signature),
  };
}
