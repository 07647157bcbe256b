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
  const target = BigInt(value);
  let low = 0n;
  let high = 94_906_266n;
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle * middle <= target) low = middle;
    else high = middle - 1n;
  }
  return Number(low);
}

function toSafe(value: bigint): number {
  const result = Number(value);
  invariant('INV-INTEGER', Number.isSafeInteger(result), `amount ${value} is beyond 2^53 - 1`);
  return result;
}
