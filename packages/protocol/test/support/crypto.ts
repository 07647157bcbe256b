import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import sodium from 'sodium-native';
import { type Crypto, type Did, didOfKey, type MessageSigner } from '../../src/index.ts';

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

function keyPair(seed: Uint8Array): { readonly publicKey: Buffer; readonly secretKey: Buffer } {
  const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES);
  const secretKey = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, buffer(seed));
  return { publicKey, secretKey };
}

export const sodiumCrypto: Crypto = {
  sha256,
  publicKey: (seed) => new Uint8Array(keyPair(seed).publicKey),
  sign(seed, message) {
    const signature = Buffer.alloc(sodium.crypto_sign_BYTES);
    sodium.crypto_sign_detached(signature, buffer(message), keyPair(seed).secretKey);
    return new Uint8Array(signature);
  },
  verify: (publicKey, message, signature) =>
    sodium.crypto_sign_verify_detached(buffer(signature), buffer(message), buffer(publicKey)),
};

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const privateKeyOf = (seed: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });

export const nodeCrypto: Crypto = {
  sha256,
  publicKey: (seed) => {
    const der = createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' });
    return new Uint8Array(der.subarray(SPKI.length));
  },
  sign: (seed, message) => new Uint8Array(sign(null, message, privateKeyOf(seed))),
  verify: (publicKey, message, signature) =>
    verify(
      null,
      message,
      createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' }),
      signature,
    ),
};

/** Counts calls of verify. */
export function countingCrypto(): { readonly crypto: Crypto; readonly verified: () => number } {
  let verified = 0;
  const crypto: Crypto = {
    ...sodiumCrypto,
    verify(publicKey, message, signature) {
      verified += 1;
      return sodiumCrypto.verify(publicKey, message, signature);
    },
  };
  return { crypto, verified: () => verified };
}

/** A signer whose seed is 32 times this byte. */
export function signerOf(byte: number): MessageSigner & { readonly did: Did } {
  const seed = new Uint8Array(32).fill(byte);
  const { secretKey } = keyPair(seed);
  return {
    did: didOfKey(sodiumCrypto.publicKey(seed)),
    sign(message) {
      const signature = Buffer.alloc(sodium.crypto_sign_BYTES);
      sodium.crypto_sign_detached(signature, buffer(message), secretKey);
      return new Uint8Array(signature);
    },
  };
}
