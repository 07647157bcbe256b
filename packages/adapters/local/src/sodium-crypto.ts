import type { Crypto } from '@canswarm/protocol';
import sodium from 'sodium-native';
import { sha256 } from './sha256.ts';

/** A view of the same bytes, as sodium's types want it. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The public key of a 32-byte seed, and the 64-byte expanded key that signs without deriving it again. */
export function expandSeed(seed: Uint8Array): { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array } {
  const publicKey = new Uint8Array(sodium.crypto_sign_PUBLICKEYBYTES);
  const secretKey = new Uint8Array(sodium.crypto_sign_SECRETKEYBYTES);
  sodium.crypto_sign_seed_keypair(asBuffer(publicKey), asBuffer(secretKey), asBuffer(seed));
  return { publicKey, secretKey };
}

/** The 64-byte signature of `message` by an expanded key. */
export function signExpanded(secretKey: Uint8Array, message: Uint8Array): Uint8Array {
  const signature = new Uint8Array(sodium.crypto_sign_BYTES);
  sodium.crypto_sign_detached(asBuffer(signature), asBuffer(message), asBuffer(secretKey));
  return signature;
}

/**
 * Ed25519 by libsodium, SHA-256 by OpenSSL. Keeps nothing between calls: every answer is in memory of its own and seeds are
 * forgotten. To sign much with one key use `softwareSigner`.
 */
export function sodiumCrypto(): Crypto {
  return {
    sha256,
    sign: (seed, message) => signExpanded(expandSeed(seed).secretKey, message),
    publicKey: (seed) => expandSeed(seed).publicKey,
    verify: (publicKey, message, signature) =>
      sodium.crypto_sign_verify_detached(asBuffer(signature), asBuffer(message), asBuffer(publicKey)),
  };
}
