import { createHash, hash } from 'node:crypto';

export const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(hash('sha256', bytes, 'buffer'));

/** The value of a hash chain that stands before `preimage` (hex): spec 3.5, over one part. */
function next(preimage: Buffer): Buffer {
  const sum = createHash('sha256');
  for (const part of [Buffer.from('can/1/chain'), preimage]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    sum.update(length).update(part);
  }
  return sum.digest();
}

/** How many steps lead from a preimage to a chain's tip (hex), at most 64; 0 for none. */
export function stepsTo(tip: string, preimage: Uint8Array): number {
  let value: Buffer = Buffer.from(preimage);
  if (value.toString('hex') === tip) return 0;
  for (let steps = 1; steps <= 64; steps += 1) {
    value = next(value);
    if (value.toString('hex') === tip) return steps;
  }
  return 0;
}
