import { insidePath, type ProofBytes } from '../../../src/proof/folder/layout.ts';
import type { ProofMemo } from '../../../src/proof/proof-memo.ts';
import { verifyBytes } from '../../../src/proof/verify-proof.ts';
import type { VerifyReport } from '../../../src/proof/verify-report.ts';
import { crypto } from '../small-log.ts';

const LINE_END = 0x0a;
const AUDIT = insidePath('audit');
const ARTIFACTS = insidePath('artifacts');

/** One bit of a proof. */
export interface Bit {
  /** Path of the file. */
  readonly file: string;
  readonly byte: number;
  /** 0 to 7, the least significant first. */
  readonly bit: number;
}

/** Bits of all files of a proof together. */
export const bitCount = (files: ProofBytes): number =>
  [...files.values()].reduce((sum, bytes) => sum + 8 * bytes.length, 0);

/** Which bit has this number, counted through the files in order. */
export function bitAt(files: ProofBytes, number: number): Bit {
  let rest = number;
  for (const [file, bytes] of files) {
    const bits = 8 * bytes.length;
    if (rest < bits) return { file, byte: rest >>> 3, bit: rest & 7 };
    rest -= bits;
  }
  throw new RangeError(`a proof of ${bitCount(files)} bits has no bit ${number}`);
}

/** What became of a flipped bit: not noticed, or noticed with the wrong part named. */
export interface Flaw extends Bit {
  readonly kind: 'unnoticed' | 'misnamed';
  readonly said: string;
}

/** Flips bits of one proof and verifies each time. Holds copies of its own: the proof given stays as it is. */
export class Flipper {
  readonly #changed: Map<string, Uint8Array>;
  readonly #memo: ProofMemo;
  readonly #lineEnds: readonly number[];

  /** `memo` has seen the proof hold. */
  constructor(files: ProofBytes, memo: ProofMemo) {
    this.#changed = new Map([...files].map(([file, bytes]) => [file, bytes.slice()]));
    this.#memo = memo;
    this.#lineEnds = lineEnds(this.#bytes(AUDIT));
  }

  /** Null when the flip is noticed and what is named is what was flipped. */
  flip(bit: Bit): Flaw | null {
    const bytes = this.#bytes(bit.file);
    const before = bytes[bit.byte] ?? 0;
    bytes[bit.byte] = before ^ (1 << bit.bit);
    const verified = verifyBytes(this.#changed, { crypto, memo: this.#memo });
    bytes[bit.byte] = before;
    if (verified.ok) return { ...bit, kind: 'unnoticed', said: '' };
    const { error } = verified.report;
    const named = error !== undefined && this.#names(error, bit);
    return named ? null : { ...bit, kind: 'misnamed', said: error?.sentence ?? 'nothing' };
  }

  #names(error: NonNullable<VerifyReport['error']>, { file, byte }: Bit): boolean {
    if (error.file !== file.replace(/^proof\//, '')) return false;
    // A line end belongs to the line it ends.
    if (file === AUDIT) return error.position === 1 + this.#lineEnds.findIndex((end) => byte <= end);
    return file !== ARTIFACTS || error.cid !== undefined || error.block !== undefined;
  }

  #bytes(file: string): Uint8Array {
    const bytes = this.#changed.get(file);
    if (bytes === undefined) throw new Error(`the proof has no ${file}`);
    return bytes;
  }
}

/** Where each line ends. */
function lineEnds(bytes: Uint8Array): readonly number[] {
  const ends: number[] = [];
  for (const [at, byte] of bytes.entries()) if (byte === LINE_END) ends.push(at);
  return ends;
}
