import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromHex, isCanonicalPoint, strictVerify, toHex } from '../../src/index.ts';
import { nodeCrypto, sodiumCrypto } from '../support/crypto.ts';
import {
  add,
  decode,
  encode,
  IDENTITY,
  isCanonical,
  isSmallOrder,
  L,
  modelVerdict,
  multiply,
  P,
  same,
  TORSION,
  toInt,
  toLittle,
} from '../support/ed25519-model.ts';
import { sharedData } from '../support/shared-data.ts';

const paths = [
  ['sodium-native', sodiumCrypto],
  ['node:crypto', nodeCrypto],
] as const;

const flipSign = (bytes: Uint8Array): Uint8Array => bytes.with(31, (bytes[31] ?? 0) ^ 0x80);

test('the model agrees with RFC 8032, test 1', () => {
  const publicKey = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  const signature = fromHex(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
  expect(modelVerdict(publicKey, new Uint8Array(), signature)).toBe(true);
  expect(modelVerdict(publicKey, Uint8Array.of(1), signature)).toBe(false);
});

test('exactly the encodings of the eight small-order points are refused as points', () => {
  let point = IDENTITY;
  const encodings = new Set<string>();
  for (let i = 0; i < 8; i += 1) {
    const bytes = encode(point);
    encodings.add(toHex(bytes));
    expect([isSmallOrder(point), isCanonicalPoint(bytes), isCanonicalPoint(flipSign(bytes))]).toEqual([
      true,
      false,
      false,
    ]);
    const y = toInt(bytes) & (2n ** 255n - 1n);
    // the same y not reduced, where it fits
    if (y + P < 2n ** 255n) expect(isCanonicalPoint(toLittle(y + P))).toBe(false);
    point = add(point, TORSION);
  }
  expect([encodings.size, same(point, IDENTITY)]).toEqual([8, true]);
});

test('a y of p or more is refused, p - 2 is not', () => {
  for (let y = P; y < 2n ** 255n; y += 1n) {
    expect(isCanonicalPoint(toLittle(y))).toBe(false);
    expect(isCanonicalPoint(flipSign(toLittle(y)))).toBe(false);
  }
  for (const y of [2n, 3n, P - 2n, P - 256n]) expect(isCanonicalPoint(toLittle(y))).toBe(true);
  expect(isCanonicalPoint(new Uint8Array(31).fill(3))).toBe(false);
});

describe.each(paths)('strictVerify over %s', (_name, crypto) => {
  const seed = new Uint8Array(32).fill(21);
  const publicKey = crypto.publicKey(seed);
  const message = new TextEncoder().encode('message');
  const signature = crypto.sign(seed, message);

  test('takes what both libraries sign', () => {
    expect(strictVerify(crypto, publicKey, message, signature)).toBe(true);
    expect(toHex(sodiumCrypto.sign(seed, message))).toBe(toHex(nodeCrypto.sign(seed, message)));
  });

  test('refuses every flipped bit of key, message and signature', () => {
    for (const [part, length] of [
      ['key', 32],
      ['message', message.length],
      ['signature', 64],
    ] as const) {
      for (let bit = 0; bit < 8 * length; bit += 1) {
        const flip = (bytes: Uint8Array) => bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
        const verdict = strictVerify(
          crypto,
          part === 'key' ? flip(publicKey) : publicKey,
          part === 'message' ? flip(message) : message,
          part === 'signature' ? flip(signature) : signature,
        );
        expect([part, bit, verdict]).toEqual([part, bit, false]);
      }
    }
  });

  test('refuses S + L and wrong sizes', () => {
    const s = toInt(signature.subarray(32));
    for (let multiple = 1n; s + multiple * L < 2n ** 256n; multiple += 1n) {
      const bent = new Uint8Array([...signature.subarray(0, 32), ...toLittle(s + multiple * L)]);
      expect(strictVerify(crypto, publicKey, message, bent)).toBe(false);
    }
    expect(strictVerify(crypto, publicKey.subarray(1), message, signature)).toBe(false);
    expect(strictVerify(crypto, publicKey, message, signature.subarray(1))).toBe(false);
    expect(strictVerify(crypto, publicKey, message, new Uint8Array([...signature, 0]))).toBe(false);
  });
});

test('a library is never asked about what is refused beforehand', () => {
  const crypto = {
    verify: (): boolean => {
      throw new Error('asked');
    },
  };
  const good = multiply(5n, TORSION);
  const small = encode(good);
  const key = sodiumCrypto.publicKey(new Uint8Array(32).fill(3));
  const withS = (r: Uint8Array, s: bigint) => new Uint8Array([...r, ...toLittle(s)]);
  expect(strictVerify(crypto, small, key, withS(key, 1n))).toBe(false);
  expect(strictVerify(crypto, key, key, withS(small, 1n))).toBe(false);
  expect(strictVerify(crypto, key, key, withS(key, L))).toBe(false);
  expect(() => strictVerify(crypto, key, key, withS(key, L - 1n))).toThrow('asked');
});

interface SpeccheckCase {
  readonly message: string;
  readonly pub_key: string;
  readonly signature: string;
}

const speccheck = sharedData('ed25519/speccheck-cases.json');

test.skipIf(speccheck === undefined)(
  'the public edge cases have the verdict that their structure demands, on every path',
  () => {
    const cases = JSON.parse(readFileSync(speccheck ?? '', 'utf8')) as readonly SpeccheckCase[];
    const structure = cases.map((one) => {
      const [key, message, signature] = [fromHex(one.pub_key), fromHex(one.message), fromHex(one.signature)];
      const verdict = modelVerdict(key, message, signature);
      for (const [, crypto] of paths) expect(strictVerify(crypto, key, message, signature)).toBe(verdict);
      const R = signature.subarray(0, 32);
      const point = (bytes: Uint8Array) => {
        const decoded = decode(bytes);
        return `${decoded !== undefined && isSmallOrder(decoded) ? 'small' : 'large'}${isCanonical(bytes) ? '' : ' non-canonical'}`;
      };
      return `A ${point(key)}, R ${point(R)}, S ${toInt(signature.subarray(32)) < L ? 'canonical' : 'too large'}: ${verdict}`;
    });
    expect(structure).toMatchInlineSnapshot(`
      [
        "A small, R small, S canonical: false",
        "A small, R large, S canonical: false",
        "A large, R small, S canonical: false",
        "A large, R large, S canonical: true",
        "A large, R large, S canonical: false",
        "A large, R large, S canonical: false",
        "A large, R large, S too large: false",
        "A large, R large, S too large: false",
        "A large, R small non-canonical, S canonical: false",
        "A large, R small non-canonical, S canonical: false",
        "A small non-canonical, R large, S canonical: false",
        "A small non-canonical, R large, S canonical: false",
      ]
    `);
  },
);
