import { defaultCrypto } from '@chainsafe/libp2p-noise/crypto';
import sodium from 'sodium-native';

/** ChaCha20-Poly1305 of RFC 8439, which the types of sodium-native leave out. */
interface Cipher {
  crypto_aead_chacha20poly1305_ietf_encrypt(...sealed: Sealing): number;
  crypto_aead_chacha20poly1305_ietf_decrypt(...opened: Opening): number;
}
type Sealing = [sealed: Buffer, plaintext: Buffer, ad: Buffer, none: null, nonce: Buffer, key: Buffer];
type Opening = [plaintext: Buffer, none: null, sealed: Buffer, ad: Buffer, nonce: Buffer, key: Buffer];

const cipher = sodium as unknown as Cipher;

type Bytes = Parameters<typeof defaultCrypto.chaCha20Poly1305Encrypt>[0];

const TAG_BYTES = 16;

/** What noise computes with, its cipher by libsodium: several times as fast as the usual one, which is compiled to WASM or set up anew each time. */
export const noiseCrypto: typeof defaultCrypto = {
  ...defaultCrypto,
  chaCha20Poly1305Encrypt(plaintext, nonce, ad, key) {
    const sealed = Buffer.allocUnsafe(plaintext.byteLength + TAG_BYTES);
    const [said, known] = [asBuffer(plaintext), asBuffer(ad)];
    cipher.crypto_aead_chacha20poly1305_ietf_encrypt(sealed, said, known, null, asBuffer(nonce), asBuffer(key));
    return sealed;
  },
  /** Throws for what was not sealed so. */
  chaCha20Poly1305Decrypt(sealed, nonce, ad, key) {
    const plaintext = Buffer.allocUnsafe(Math.max(0, sealed.byteLength - TAG_BYTES));
    const [shut, known] = [asBuffer(sealed), asBuffer(ad)];
    cipher.crypto_aead_chacha20poly1305_ietf_decrypt(plaintext, null, shut, known, asBuffer(nonce), asBuffer(key));
    return plaintext;
  },
};

/** A view of the same bytes, as sodium's types want it. */
function asBuffer(bytes: Bytes): Buffer {
  const whole = bytes.subarray();
  return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
}
