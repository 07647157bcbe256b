import { expect } from 'vitest';
import type { Signer } from '../signer.ts';
import { hex, utf8 } from './fixtures.ts';
import { type Check, registerSuite, type World } from './suite.ts';

export interface SignerHarness extends World {
  readonly signer: Signer;
  /** Ed25519 verification by an implementation other than the signer's own. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The 32 key bytes inside `did:key:z...` (base58btc of 0xed 0x01 and the key). */
function keyOf(did: string): Uint8Array {
  expect(did.startsWith('did:key:z6Mk')).toBe(true);
  let value = 0n;
  for (const character of did.slice('did:key:z'.length)) {
    const digit = BASE58.indexOf(character);
    expect(digit).toBeGreaterThanOrEqual(0);
    value = value * 58n + BigInt(digit);
  }
  const digits = value.toString(16);
  expect(digits.slice(0, 4)).toBe('ed01');
  expect(digits).toHaveLength(68);
  return Uint8Array.from(digits.slice(4).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export const signerChecks: readonly Check<SignerHarness>[] = [
  {
    name: 'signs so that the key of its did verifies',
    run: async ({ signer, verify }) => {
      for (const message of [utf8(''), utf8('message'), new Uint8Array(100_000).fill(7)]) {
        const signature = signer.sign(message);
        expect(signature).toHaveLength(64);
        expect(verify(keyOf(signer.did), message, signature)).toBe(true);
        expect(verify(keyOf(signer.did), utf8('another message'), signature)).toBe(false);
      }
    },
  },
  {
    name: 'signs the same message alike, gives a signature of its own, and leaves the message as it was',
    run: async ({ signer }) => {
      const message = utf8('message');
      const first = signer.sign(message);
      const text = hex(first);
      expect(hex(signer.sign(utf8('another message')))).not.toBe(text);
      expect(hex(first)).toBe(text);
      first.fill(0);
      expect(hex(signer.sign(message))).toBe(text);
      expect(message).toEqual(utf8('message'));
    },
  },
];

/** What every `Signer` must do. */
export function signerCompliance(name: string, make: () => SignerHarness | Promise<SignerHarness>): void {
  registerSuite(`${name} is a Signer`, signerChecks, make);
}
