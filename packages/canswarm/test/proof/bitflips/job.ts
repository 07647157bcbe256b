import type { ProofBytes } from '../../../src/proof/folder/layout.ts';
import type { Flaw } from './flip.ts';

/** What each worker gets; `next` is a shared counter of chunks. */
export interface FlipJob {
  readonly files: ProofBytes;
  readonly next: Int32Array;
  readonly chunk: number;
  readonly flips: number;
  /** Distance between two flips that are tried: 1 for all. */
  readonly stride: number;
}

/** After each chunk. */
export interface FlipProgress {
  readonly tried: number;
  readonly flaws: readonly Flaw[];
}
