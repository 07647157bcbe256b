import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integerSquareRoot, mulDivCeil, mulDivFloor } from '../../src/amounts.ts';
import { below, hashParts } from '../../src/hashing.ts';
import { sha256 } from '../support/keys.ts';

const amount = fc.oneof(fc.nat(100), fc.maxSafeNat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER));

describe('shares of amounts', () => {
  it('are exact to the unit, whatever the sizes', () => {
    fc.assert(
      fc.property(amount, fc.nat(10_000), fc.integer({ min: 1, max: 10_000 }), (a, b, c) => {
        fc.pre((BigInt(a) * BigInt(b)) / BigInt(c) < 2n ** 53n - 1n);
        const exact = BigInt(a) * BigInt(b);
        expect(BigInt(mulDivFloor(a, b, c))).toBe(exact / BigInt(c));
        expect(BigInt(mulDivCeil(a, b, c))).toBe((exact + BigInt(c) - 1n) / BigInt(c));
      }),
    );
  });

  it('beyond what a number holds are a broken law', () => {
    expect(() => mulDivFloor(Number.MAX_SAFE_INTEGER, 2, 1)).toThrow(expect.objectContaining({ id: 'INV-INTEGER' }));
  });
});

describe('integerSquareRoot', () => {
  it('is the largest r with r * r <= value', () => {
    fc.assert(
      fc.property(amount, (value) => {
        const root = BigInt(integerSquareRoot(value));
        expect(root * root <= BigInt(value) && (root + 1n) * (root + 1n) > BigInt(value)).toBe(true);
      }),
    );
  });

  it('takes no other numbers', () => {
    for (const value of [-1, 0.5, 2 ** 53]) expect(() => integerSquareRoot(value)).toThrow('INV-INTEGER');
  });
});

describe('hashParts', () => {
  it('hashes lengths and bytes of domain and parts', () => {
    const parts = ['can/1/test', 'é', 1024, new Uint8Array(300).fill(7)] as const;
    const pieces = parts.flatMap((part) => {
      const bytes = Buffer.from(part instanceof Uint8Array ? part : String(part));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    });
    const [domain, ...rest] = parts;
    expect(hashParts(sha256, domain, rest)).toEqual(sha256(Buffer.concat(pieces)));
  });

  it('tells lists of parts apart that look alike when joined', () => {
    const alike = [['ab'], ['a', 'b'], ['', 'ab'], ['ab', ''], ['a', '', 'b']];
    const hashes = alike.map((parts) => hashParts(sha256, 'test', parts).join());
    expect(new Set(hashes).size).toBe(alike.length);
    expect(hashParts(sha256, 'test', []).join()).not.toBe(hashParts(sha256, 'tes', ['t']).join());
  });
});

describe('below', () => {
  it('is evenly spread', () => {
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let index = 0; index < 7000; index += 1) {
      const value = below(hashParts(sha256, 'spread', [index]), 7);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
