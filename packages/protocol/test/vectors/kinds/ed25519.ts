import { expect } from 'vitest';
import { fromHex, strictVerify, toHex, utf8 } from '../../../src/index.ts';
import { nodeCrypto, sodiumCrypto } from '../../support/crypto.ts';
import {
  add,
  BASE,
  challenge,
  cofactoredVerdict,
  encode,
  IDENTITY,
  L,
  modelVerdict,
  multiply,
  P,
  type Point,
  TORSION,
  toInt,
  toLittle,
} from '../../support/ed25519-model.ts';
import { defineKind } from '../kind.ts';

interface SignatureCase {
  readonly name: string;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
  readonly verdict: boolean;
  /** whether the lenient, cofactored equation holds: shows what the case would get past */
  readonly cofactored: boolean;
}

const torsion = (i: number): Point => multiply(BigInt(i), TORSION);
const minus = (point: Point): Point => ({ ...point, X: P - point.X });

/** Tries messages until the equation holds; every attempt has at least one chance in eight. */
function search(
  name: string,
  attempt: (message: Uint8Array) => { key: Uint8Array; r: Uint8Array; s: bigint } | undefined,
): SignatureCase {
  for (let i = 0; i < 500; i += 1) {
    const message = utf8(`${name} ${i}`);
    const found = attempt(message);
    if (found !== undefined) return signed(name, found.key, message, found.r, found.s);
  }
  throw new Error(`${name}: no message found`);
}

function signed(name: string, key: Uint8Array, message: Uint8Array, r: Uint8Array, s: bigint): SignatureCase {
  const signature = new Uint8Array([...r, ...toLittle(s)]);
  return {
    name,
    publicKey: toHex(key),
    message: toHex(message),
    signature: toHex(signature),
    verdict: modelVerdict(key, message, signature),
    cofactored: cofactoredVerdict(key, message, signature),
  };
}

const a = 0x1234_5678_9abc_def0_1234n;
const r = 0xfeed_beef_0bad_cafen;

/** A of small order, in any encoding: R = S B - h A for the residue of h that comes out. */
function smallKey(name: string, point: Point, key: Uint8Array): SignatureCase {
  return search(name, (message) => {
    for (let guess = 0n; guess < 8n; guess += 1n) {
      const R = encode(add(multiply(r, BASE), minus(multiply(guess, point))));
      if (challenge(R, key, message) % 8n === guess) return { key, r: R, s: r };
    }
    return undefined;
  });
}

/** R of small order, A with a torsion part that cancels it. */
function smallR(name: string, i: number, encoded: Uint8Array): SignatureCase {
  const key = encode(add(multiply(a, BASE), TORSION));
  return search(name, (message) => {
    const h = challenge(encoded, key, message);
    return (h + BigInt(i)) % 8n === 0n ? { key, r: encoded, s: (h * a) % L } : undefined;
  });
}

/** A = a B + i T and R = r B + j T; holds without the cofactor exactly when j + h i = 0 mod 8. */
function mixed(name: string, i: number, j: number, holds: boolean): SignatureCase {
  const key = encode(add(multiply(a, BASE), torsion(i)));
  const R = encode(add(multiply(r, BASE), torsion(j)));
  return search(name, (message) => {
    const h = challenge(R, key, message);
    const cancels = (BigInt(j) + h * BigInt(i)) % 8n === 0n;
    return cancels === holds ? { key, r: R, s: (r + h * a) % L } : undefined;
  });
}

const withSign = (bytes: Uint8Array): Uint8Array => bytes.with(31, (bytes[31] ?? 0) | 0x80);

function generate(): readonly SignatureCase[] {
  const seed = new Uint8Array(32).fill(42);
  const key = sodiumCrypto.publicKey(seed);
  const message = utf8('an honest message');
  const honest = sodiumCrypto.sign(seed, message);
  const s = toInt(honest.subarray(32));
  const R = honest.subarray(0, 32);
  const order2 = torsion(4);
  return [
    signed('honest', key, message, R, s),
    signed('S + L', key, message, R, s + L),
    signed('S + 8 L', key, message, R, s + 8n * L),
    signed('S = 0 with R of the identity', key, message, encode(IDENTITY), 0n),
    ...Array.from({ length: 8 }, (_, i) => smallKey(`A = ${i} T`, torsion(i), encode(torsion(i)))),
    smallKey('A the identity, y not reduced', IDENTITY, toLittle(1n + P)),
    smallKey('A the identity, y not reduced, sign set', IDENTITY, withSign(toLittle(1n + P))),
    smallKey('A the identity, sign set', IDENTITY, withSign(encode(IDENTITY))),
    smallKey('A of order 2, sign set', order2, withSign(encode(order2))),
    smallKey(
      'A of order 4, y not reduced',
      torsion(2),
      toLittle((P + (toInt(encode(torsion(2))) & (2n ** 255n - 1n))) | (toInt(encode(torsion(2))) & (2n ** 255n))),
    ),
    ...Array.from({ length: 8 }, (_, i) => smallR(`R = ${i} T`, i, encode(torsion(i)))),
    smallR('R the identity, y not reduced', 0, toLittle(1n + P)),
    smallR('R the identity, sign set', 0, withSign(encode(IDENTITY))),
    mixed('A and R mixed, torsion cancels', 1, 3, true),
    mixed('A and R mixed, torsion does not cancel', 1, 3, false),
    mixed('A mixed, R pure, torsion of h A not zero', 1, 0, false),
    mixed('A mixed, R pure, torsion of h A zero', 1, 0, true),
    mixed('A pure, R mixed', 0, 1, false),
    signed('p as y of R', key, message, toLittle(P), s),
    signed('all bits of R', key, message, new Uint8Array(32).fill(255), s),
    signed('all bits of A', new Uint8Array(32).fill(255), message, R, s),
    signed('A off the curve', toLittle(2n), message, R, s),
    signed('R off the curve', key, message, toLittle(2n), s),
  ];
}

export const ed25519 = defineKind<SignatureCase>({
  kind: 'ed25519',
  about: 'signatures at the edges of Ed25519 with the verdict of the rule: canonical, no small order, cofactorless',
  generate,
  judge({ publicKey, message, signature, verdict }) {
    const [key, said, proof] = [fromHex(publicKey), fromHex(message), fromHex(signature)];
    for (const crypto of [sodiumCrypto, nodeCrypto]) expect(strictVerify(crypto, key, said, proof)).toBe(verdict);
  },
});
