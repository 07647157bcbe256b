/** Branded identifiers and small numbers of the protocol (`spec/01-words.md`). Brands exist only in types. */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: { readonly [key in Name]: true } };

/** CIDv1 in base32 lower case, sha2-256, codec raw, dag-cbor or dag-pb: 59 characters. Made in `cid.ts`. */
export type Cid = Branded<'Cid'>;
/** Id of a payload: the CID (dag-cbor) of its bytes as received. */
export type EnvelopeId = Cid & Branded<'EnvelopeId'>;
/** Id of a NEED. */
export type NeedId = EnvelopeId & Branded<'NeedId'>;
/** Id of a COMMIT. */
export type CommitId = EnvelopeId & Branded<'CommitId'>;
/** `did:key` of an Ed25519 key, starting `did:key:z6Mk`. Made in `did.ts`. */
export type Did = Branded<'Did'>;

/** Millionths of a credit: an integer from 0 to 2^53 - 1. */
export type Micro = number;
/** The kernel's own count of log entries. */
export type Position = number;

/** Names a point of a log: which life of it, how many entries, and the running digest there (32 bytes). */
export interface Head {
  readonly incarnation: number;
  readonly position: Position;
  readonly digest: Uint8Array;
}

/** The entry that granted a lease. */
export interface Fence {
  readonly incarnation: number;
  readonly position: Position;
}

/** A committed artifact: root of its tree and how many leaves it has (`spec/08-artifacts.md`). */
export interface ArtifactRef {
  readonly cid: Cid;
  readonly leaves: number;
}

/** Reads a CID as the id of an envelope, need or commit. Whether such an envelope exists is the caller's knowledge. */
export const asEnvelopeId = (cid: Cid): EnvelopeId => cid as EnvelopeId;
export const asNeedId = (cid: Cid): NeedId => cid as NeedId;
export const asCommitId = (cid: Cid): CommitId => cid as CommitId;

/** True when both fences name the same grant. */
export function sameFence(left: Fence, right: Fence): boolean {
  return left.incarnation === right.incarnation && left.position === right.position;
}
