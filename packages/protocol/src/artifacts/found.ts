import type { Cid } from '../ids.ts';

/** Gives the bytes of a block if it is at hand. Whoever provides it has checked that they hash to the CID. */
export type BlockSource = (cid: Cid) => Uint8Array | undefined;

/** Nothing stands there: proven by the blocks that were read. */
export interface Absent {
  readonly status: 'absent';
}

/** Not known until this block is read. */
export interface Missing {
  readonly status: 'missing';
  readonly cid: Cid;
}

/** The block is not what its place in an artifact demands: the fault of whoever committed the artifact. */
export interface Malformed {
  readonly status: 'malformed';
  readonly cid: Cid;
  readonly reason: string;
}

export type Unfound = Absent | Missing | Malformed;

export const ABSENT: Absent = { status: 'absent' };
export const missing = (cid: Cid): Missing => ({ status: 'missing', cid });
export const malformed = (cid: Cid, reason: string): Malformed => ({ status: 'malformed', cid, reason });
