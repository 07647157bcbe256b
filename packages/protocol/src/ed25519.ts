import type { Crypto } from './crypto.ts';

/**
 * One rule for Ed25519 on every path (`spec/02-envelopes.md`): cofactorless verification, and before any library is asked
 * A, R and S are canonical and neither A nor R has small order. Libraries disagree only about what is refused here.
 */

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Order of the base point, little endian. */
const L = little('1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed');
/** The y coordinates (sign bit cleared, little endian) of the eight points whose order divides 8. */
const SMALL_ORDER_Y: readonly Uint8Array[] = [
  little('0000000000000000000000000000000000000000000000000000000000000000'),
  little('0000000000000000000000000000000000000000000000000000000000000001'),
  little('7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec'),
  little('05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826'),
  little('7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7'),
];

function little(hexBigEndian: string): Uint8Array {
  const bytes = new Uint8Array(KEY_BYTES);
  for (let i = 0; i < KEY_BYTES; i += 1)
    bytes[KEY_BYTES - 1 - i] = Number.parseInt(hexBigEndian.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** y < p = 2^255 - 19 for the 32 bytes at `at`, the sign bit left out. */
function isFieldElement(bytes: Uint8Array, at: number): boolean {
  if (((bytes[at + 31] ?? 0) & 0x7f) !== 0x7f) return true;
  for (let i = at + 30; i > at; i -= 1) if (bytes[i] !== 0xff) return true;
  return (bytes[at] ?? 0) < 0xed;
}

function hasY(bytes: Uint8Array, at: number, y: Uint8Array): boolean {
  if (((bytes[at + 31] ?? 0) & 0x7f) !== y[31]) return false;
  for (let i = 0; i < 31; i += 1) if (bytes[at + i] !== y[i]) return false;
  return true;
}

function isUsablePoint(bytes: Uint8Array, at: number): boolean {
  if (!isFieldElement(bytes, at)) return false;
  for (const y of SMALL_ORDER_Y) if (hasY(bytes, at, y)) return false;
  return true;
}

/** 0 <= S < L for the 32 bytes at `at`. */
function isScalar(bytes: Uint8Array, at: number): boolean {
  for (let i = 31; i >= 0; i -= 1) {
    const difference = (bytes[at + i] ?? 0) - (L[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** True for 32 bytes with y < p that name none of the small-order points. Says nothing about being on the curve. */
export function isCanonicalPoint(bytes: Uint8Array): boolean {
  return bytes.length === KEY_BYTES && isUsablePoint(bytes, 0);
}

/** The verdict of the network on a signature: the same over every correct library. Wrong sizes are refused. */
export function strictVerify(
  crypto: Pick<Crypto, 'verify'>,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  if (!isScalar(signature, 32) || !isUsablePoint(signature, 0) || !isUsablePoint(publicKey, 0)) return false;
  return crypto.verify(publicKey, message, signature);
}
