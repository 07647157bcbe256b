/** SHA-256 of a byte string: 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/**
 * The cryptography a node injects. `verify` may be any Ed25519 library: this package asks it only after `strictVerify` has
 * refused whatever libraries disagree about (see `spec/02-envelopes.md`).
 */
export interface Crypto {
  readonly sha256: Sha256;
  /** @param seed 32 bytes. @returns the 64 byte Ed25519 signature */
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
  /** @param seed 32 bytes. @returns the 32 byte Ed25519 public key */
  publicKey(seed: Uint8Array): Uint8Array;
  /** Never throws for well-sized input: 32 byte key, 64 byte signature. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Signs for one key. The port `Signer` is this shape. */
export interface MessageSigner {
  readonly did: import('./ids.ts').Did;
  sign(message: Uint8Array): Uint8Array;
}
