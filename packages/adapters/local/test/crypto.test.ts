import type { Crypto } from '@canswarm/protocol';
import { strictVerify, toHex } from '@canswarm/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCrypto, sodiumCrypto, softwareSigner } from '../src/index.ts';

const [sodium, node] = [sodiumCrypto(), nodeCrypto()];
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });

/** RFC 8032, section 7.1, tests 1 to 3. */
const RFC8032 = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
];

describe.each([
  ['sodiumCrypto', sodium],
  ['nodeCrypto', node],
] as const)('%s', (_name, crypto: Crypto) => {
  it('agrees with RFC 8032', () => {
    for (const vector of RFC8032) {
      const [seed, message] = [hex(vector.seed), hex(vector.message)];
      expect(toHex(crypto.publicKey(seed))).toBe(vector.publicKey);
      expect(toHex(crypto.sign(seed, message))).toBe(vector.signature);
      expect(crypto.verify(hex(vector.publicKey), message, hex(vector.signature))).toBe(true);
    }
  });

  it('agrees with FIPS 180-2 on SHA-256', () => {
    const digest = crypto.sha256(new TextEncoder().encode('abc'));
    expect(toHex(digest)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('answers in memory of its own, in plain arrays', () => {
    const seed = new Uint8Array(32).fill(1);
    const message = Uint8Array.of(1);
    const makers = [() => crypto.sha256(message), () => crypto.sign(seed, message), () => crypto.publicKey(seed)];
    for (const make of makers) {
      const [first, before] = [make(), toHex(make())];
      expect(first.constructor).toBe(Uint8Array);
      first.fill(0);
      expect(toHex(make())).toBe(before);
    }
  });

  it('refuses a signature with any bit changed, and keys that are no points, without throwing', () => {
    const seed = new Uint8Array(32).fill(2);
    const publicKey = crypto.publicKey(seed);
    const message = Uint8Array.of(1, 2, 3);
    const signature = crypto.sign(seed, message);
    for (let bit = 0; bit < 512; bit += 1) {
      const changed = signature.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(crypto.verify(publicKey, message, changed)).toBe(false);
    }
    for (const fill of [0, 1, 2, 0x7f, 0xff]) {
      expect(typeof crypto.verify(new Uint8Array(32).fill(fill), message, signature)).toBe('boolean');
    }
  });

  it('throws for a seed of the wrong length', () => {
    for (const length of [0, 31, 33]) {
      expect(() => crypto.sign(new Uint8Array(length), Uint8Array.of(1))).toThrow();
      expect(() => crypto.publicKey(new Uint8Array(length))).toThrow();
      expect(() => softwareSigner(new Uint8Array(length))).toThrow(RangeError);
    }
  });
});

describe('sodiumCrypto and nodeCrypto', () => {
  it('give the same keys, signatures and hashes', () => {
    fc.assert(
      fc.property(bytes(32), fc.uint8Array({ maxLength: 300 }), (seed, message) => {
        const signature = sodium.sign(seed, message);
        expect(sodium.publicKey(seed)).toEqual(node.publicKey(seed));
        expect(signature).toEqual(node.sign(seed, message));
        expect(signature).toEqual(softwareSigner(seed).sign(message));
        expect(sodium.sha256(message)).toEqual(node.sha256(message));
        expect(node.verify(node.publicKey(seed), message, signature)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('give the same verdict on anything, once the protocol has refused what libraries differ on', () => {
    fc.assert(
      fc.property(bytes(32), bytes(64), bytes(32), fc.boolean(), (seed, noise, key, genuineKey) => {
        const message = Uint8Array.of(7);
        const signature = Uint8Array.from(sodium.sign(seed, message), (byte, i) => (i === 40 ? (noise[0] ?? 0) : byte));
        const publicKey = genuineKey ? sodium.publicKey(seed) : key;
        expect(strictVerify(sodium, publicKey, message, signature)).toBe(
          strictVerify(node, publicKey, message, signature),
        );
      }),
      { numRuns: 200 },
    );
  });
});
