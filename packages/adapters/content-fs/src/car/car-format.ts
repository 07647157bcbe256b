import type { Block, Cid } from '@canswarm/protocol';

/** Most bytes of one CAR file. */
export const CAR_BYTES_MAX = 536_870_912;

/** Most blocks of one CAR file. */
export const CAR_BLOCKS_MAX = 65_536;

/** Most roots of one CAR file. */
export const CAR_ROOTS_MAX = 64;

/** What a CAR file holds. */
export interface CarContents {
  /** 1..`CAR_ROOTS_MAX`, all different, in an order that means something to who wrote it. */
  readonly roots: readonly Cid[];
  /** Ascending by the text of the CID, all different. */
  readonly blocks: readonly Block[];
}

/**
 * Why a CAR file is refused.
 * - `too_large`: more than `CAR_BYTES_MAX` bytes, `CAR_BLOCKS_MAX` blocks or `CAR_ROOTS_MAX` roots.
 * - `malformed`: no CAR of version 1, or one whose frames or CIDs are none of ours or whose blocks no store takes. `index` is the block's place, null in the
 *   header.
 * - `block`: the bytes of block `index` do not hash to `cid`.
 * - `not_canonical`: sound, but not byte for byte what `writeCar` writes for its roots and blocks; the first difference is at
 *   `offset`.
 */
export type CarFault =
  | { readonly ok: false; readonly code: 'too_large'; readonly reason: string }
  | { readonly ok: false; readonly code: 'malformed'; readonly index: number | null; readonly reason: string }
  | { readonly ok: false; readonly code: 'block'; readonly index: number; readonly cid: Cid }
  | { readonly ok: false; readonly code: 'not_canonical'; readonly offset: number };
