import { createHash } from 'node:crypto';

/**
 * Ed25519 from its equations, in slow big integers: the oracle for `strictVerify`. It shares nothing with the package or with
 * the libraries under test.
 */
export const P = 2n ** 255n - 19n;
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const mod = (a: bigint, m = P): bigint => ((a % m) + m) % m;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

const inverse = (a: bigint): bigint => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n));
const ROOT_OF_MINUS_1 = power(2n, (P - 1n) / 4n);

/** Projective (X : Y : Z) with x = X / Z, y = Y / Z. */
export interface Point {
  readonly X: bigint;
  readonly Y: bigint;
  readonly Z: bigint;
}

const affine = (x: bigint, y: bigint): Point => ({ X: x, Y: y, Z: 1n });
export const IDENTITY = affine(0n, 1n);

export function add(p: Point, q: Point): Point {
  const zz = mod(p.Z * q.Z);
  const xx = mod(p.X * q.X);
  const yy = mod(p.Y * q.Y);
  const e = mod(D * xx * yy);
  const f = mod(zz * zz - e);
  const g = mod(zz * zz + e);
  return {
    X: mod(zz * f * (mod((p.X + p.Y) * (q.X + q.Y)) - xx - yy)),
    Y: mod(zz * g * (yy + xx)),
    Z: mod(f * g),
  };
}

export function multiply(scalar: bigint, point: Point): Point {
  let result = IDENTITY;
  let double = point;
  for (let s = scalar; s > 0n; s >>= 1n) {
    if (s & 1n) result = add(result, double);
    double = add(double, double);
  }
  return result;
}

export const same = (p: Point, q: Point): boolean =>
  mod(p.X * q.Z - q.X * p.Z) === 0n && mod(p.Y * q.Z - q.Y * p.Z) === 0n;

function xOf(y: bigint, odd: boolean): bigint | undefined {
  const u = mod(y * y - 1n);
  const v = mod(D * y * y + 1n);
  let x = mod(u * inverse(v));
  x = power(x, (P + 3n) / 8n);
  if (mod(v * x * x) !== u) x = mod(x * ROOT_OF_MINUS_1);
  if (mod(v * x * x) !== u) return undefined;
  return ((x & 1n) === 1n) === odd ? x : mod(-x);
}

export const BASE: Point = (() => {
  const y = mod(4n * inverse(5n));
  const x = xOf(y, false);
  if (x === undefined) throw new Error('the base point is on the curve');
  return affine(x, y);
})();

export const toInt = (bytes: Uint8Array): bigint => {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i -= 1) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
};

export const toLittle = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

/** The y that an encoding holds, unreduced. */
const encodedY = (bytes: Uint8Array): bigint => toInt(bytes) & (2n ** 255n - 1n);

/** The point an encoding means when it is read leniently (y reduced, any sign for x = 0), or undefined off the curve. */
export function decode(bytes: Uint8Array): Point | undefined {
  const y = mod(encodedY(bytes));
  const x = xOf(y, (bytes[31] ?? 0) >= 128);
  return x === undefined ? undefined : affine(x, y);
}

export function encode(point: Point): Uint8Array {
  const z = inverse(point.Z);
  const x = mod(point.X * z);
  return toLittle(mod(point.Y * z) | ((x & 1n) << 255n));
}

export const isSmallOrder = (point: Point): boolean => same(multiply(8n, point), IDENTITY);

/** An encoding that is the one encoding of its point. */
export function isCanonical(bytes: Uint8Array): boolean {
  const point = decode(bytes);
  return point !== undefined && Buffer.from(encode(point)).equals(Buffer.from(bytes));
}

export function challenge(r: Uint8Array, a: Uint8Array, message: Uint8Array): bigint {
  return mod(toInt(createHash('sha512').update(r).update(a).update(message).digest()), L);
}

/** The verdict of the rule in `spec/02-envelopes.md`, worked out from the structure of the signature. */
export function modelVerdict(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const r = signature.subarray(0, 32);
  const s = toInt(signature.subarray(32));
  const A = decode(publicKey);
  const R = decode(r);
  if (A === undefined || R === undefined || !isCanonical(publicKey) || !isCanonical(r)) return false;
  if (s >= L || isSmallOrder(A) || isSmallOrder(R)) return false;
  return same(multiply(s, BASE), add(R, multiply(challenge(r, publicKey, message), A)));
}

/** The lenient verdict: 8 S B = 8 R + 8 h A, encodings reduced. What strict rules exist to refuse. */
export function cofactoredVerdict(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const r = signature.subarray(0, 32);
  const A = decode(publicKey);
  const R = decode(r);
  if (A === undefined || R === undefined) return false;
  const left = multiply(8n * mod(toInt(signature.subarray(32)), L), BASE);
  return same(left, multiply(8n, add(R, multiply(challenge(r, publicKey, message), A))));
}

/** A point of order 8: the torsion generator. */
export const TORSION: Point = (() => {
  for (let y = 2n; ; y += 1n) {
    const x = xOf(y, false);
    if (x === undefined) continue;
    const point = multiply(L, affine(x, y));
    if (!same(multiply(4n, point), IDENTITY)) return point;
  }
})();
