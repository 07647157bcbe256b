import { invariant } from './invariant.ts';

/** floor(a * b / c) without losing precision. All operands are non-negative safe integers, c > 0. */
export function mulDivFloor(a: number, b: number, c: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) return Math.floor(product / c);
  return toSafe((BigInt(a) * BigInt(b)) / BigInt(c));
}

/** ceil(a * b / c) without losing precision. Charges round up, payouts round down (`spec/06-money.md`). */
export function mulDivCeil(a: number, b: number, c: number): number {
  const divisor = BigInt(c);
  return toSafe((BigInt(a) * BigInt(b) + divisor - 1n) / divisor);
}

/** The largest r with r * r <= value; value is a non-negative safe integer. */
export function integerSquareRoot(value: number): number {
  invariant('INV-INTEGER', Number.isSafeInteger(value) && value >= 0, `square root of ${value}`);
  // Squares up to here are exact: the largest is even and just above 2^53.
  let low = 0;
  let high = 94_906_266;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if (middle * middle <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function toSafe(value: bigint): number {
  const result = Number(value);
  invariant('INV-INTEGER', Number.isSafeInteger(result), `amount ${value} is beyond 2^53 - 1`);
  return result;
}
