import { type Sha256, toHex, utf8 } from '@canswarm/protocol';

type Part = string | number | Uint8Array;

/** Where the parts of most hashes are put together. */
const SCRATCH = new Uint8Array(4_096);

/**
 * sha256 over a domain label and length-prefixed parts, so that no two lists of parts collide. Text is UTF-8, integers
 * are decimal text, byte strings are taken as they are. Source: `spec/03-kernel.md`, hashing.
 */
export function hashParts(sha256: Sha256, domain: string, parts: readonly Part[]): Uint8Array {
  let at = put(0, domain);
  for (const part of parts) at = put(at, typeof part === 'number' ? String(part) : part);
  return sha256(at < 0 ? joined([domain, ...parts]) : SCRATCH.subarray(0, at));
}

/** Puts a part and its length into the scratch; returns where the next one goes, or -1 where there is no room for all. */
function put(at: number, part: string | Uint8Array): number {
  const { length } = part;
  const start = at + 4;
  if (at < 0 || start + length > SCRATCH.length) return -1;
  if (typeof part === 'string') {
    for (let index = 0; index < length; index += 1) {
      const unit = part.charCodeAt(index);
      if (unit >= 0x80) return put(at, utf8(part));
      SCRATCH[start + index] = unit;
    }
  } else SCRATCH.set(part, start);
  putLength(SCRATCH, at, length);
  return start + length;
}

function joined(parts: readonly Part[]): Uint8Array {
  const all = parts.map((part) => (part instanceof Uint8Array ? part : utf8(String(part))));
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + 4 + length, 0));
  let at = 0;
  for (const part of all) {
    putLength(bytes, at, part.length);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

function putLength(bytes: Uint8Array, at: number, length: number): void {
  bytes[at] = length >>> 24;
  bytes[at + 1] = (length >>> 16) & 255;
  bytes[at + 2] = (length >>> 8) & 255;
  bytes[at + 3] = length & 255;
}

/** Limits up to this are reduced two bytes at a time without leaving the exact integers. */
const EXACT_LIMIT = 2 ** 36;

/** The first 128 bits of a hash, reduced to [0, limit). The bias is below 2^-64 for every limit we use. */
export function below(hash: Uint8Array, limit: number): number {
  if (limit > EXACT_LIMIT) return Number(BigInt(`0x${toHex(hash.subarray(0, 16))}`) % BigInt(limit));
  let rest = 0;
  for (let at = 0; at < 16; at += 2) rest = (rest * 65_536 + (hash[at] ?? 0) * 256 + (hash[at + 1] ?? 0)) % limit;
  return rest;
}

/** Steps of a hash chain a reveal may skip at most: values signed for a draw that was complete without them. */
export const CHAIN_SKIP_MAX = 64;

/** Hex of a value of a chain, and of the one that it hashes to: a node judges a reveal again at each position. */
const firstSteps = new WeakMap<Uint8Array, { readonly own: string; readonly next: Uint8Array; readonly hex: string }>();

function firstStep(sha256: Sha256, preimage: Uint8Array) {
  let step = firstSteps.get(preimage);
  if (step === undefined) {
    const next = chainNext(sha256, preimage);
    step = { own: toHex(preimage), next, hex: toHex(next) };
    firstSteps.set(preimage, step);
  }
  return step;
}

/** How many steps of the chain lead from `preimage` to `tip` (hex): 1 to CHAIN_SKIP_MAX, or 0 for none. */
export function chainSteps(sha256: Sha256, preimage: Uint8Array, tip: string): number {
  const { own, next, hex } = firstStep(sha256, preimage);
  if (own === tip) return 0;
  if (hex === tip) return 1;
  let value = next;
  for (let steps = 2; steps <= CHAIN_SKIP_MAX; steps += 1) {
    value = chainNext(sha256, value);
    if (toHex(value) === tip) return steps;
  }
  return 0;
}

/** What a step of a hash chain hashes to: the value committed before it. */
export const chainNext = (sha256: Sha256, preimage: Uint8Array): Uint8Array =>
  hashParts(sha256, 'can/1/chain', [preimage]);
