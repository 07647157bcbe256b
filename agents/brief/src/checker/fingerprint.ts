import { scanInline } from './inline.ts';

/** The words of a passage as hashes: what two passages are compared by. Case does not count. */
export type Fingerprint = ReadonlySet<number>;

/** Passages that share this part of all their words say the same, in hundredths. */
const SAME_PERCENT = 60;

/** 32-bit FNV-1a over the lower-case ASCII of each word. */
export function fingerprint(bytes: Uint8Array, start = 0, end = bytes.length): Fingerprint {
  const words = new Set<number>();
  scanInline(bytes, start, end, {
    word: (from, to) => {
      let hash = 0x811c9dc5;
      for (let at = from; at < to; at++) {
        const byte = bytes[at] ?? 0;
        hash = Math.imul(hash ^ (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte), 0x01000193);
      }
      words.add(hash >>> 0);
    },
  });
  return words;
}

/** Whether two passages say the same words but for a few. */
export function saysTheSame(a: Fingerprint, b: Fingerprint): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const word of small) if (large.has(word)) shared++;
  return shared * 100 >= (small.size + large.size - shared) * SAME_PERCENT;
}
