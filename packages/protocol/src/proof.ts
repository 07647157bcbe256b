import { concat, u32be } from './bytes.ts';
import { type DagValue, isList } from './cbor/value.ts';
import { Fault } from './codec/codec.ts';
import { list } from './codec/composites.ts';
import { bytes32, bytes64, integer } from './codec/scalars.ts';
import { type Refusal, refuse } from './codes.ts';
import { inDomain } from './domains.ts';
import { BATCH_COUNT_MAX, BATCH_PATH_MAX } from './limits.ts';
import { pathLength } from './merkle.ts';

/** [0, signature]: the signature is over this payload alone. */
export interface SingleProof {
  readonly kind: 'single';
  readonly signature: Uint8Array;
}

/** [1, count, index, path, signature]: the signature is over the root of a tree in which the payload is a leaf. */
export interface BatchProof {
  readonly kind: 'batch';
  readonly count: number;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly signature: Uint8Array;
}

export type Proof = SingleProof | BatchProof;

const countCodec = integer(1, BATCH_COUNT_MAX);
const indexCodec = integer(0, BATCH_COUNT_MAX - 1);
const pathCodec = list(bytes32, 0, BATCH_PATH_MAX);

/** Reads a proof. `bad_proof` for anything but the two forms, `path_length` for a path that fits not its index and count. */
export function parseProof(value: DagValue): { readonly ok: true; readonly proof: Proof } | Refusal {
  if (!isList(value)) return refuse('bad_proof', 'proof');
  const fault = new Fault();
  const [kind, ...rest] = value;
  if (kind === 0 && rest.length === 1) {
    const signature = bytes64.parse(rest[0] ?? null, fault);
    return signature === undefined ? refuse('bad_proof', 'proof') : { ok: true, proof: { kind: 'single', signature } };
  }
  if (kind !== 1 || rest.length !== 4) return refuse('bad_proof', 'proof');
  const count = countCodec.parse(rest[0] ?? null, fault);
  const index = indexCodec.parse(rest[1] ?? null, fault);
  const path = pathCodec.parse(rest[2] ?? null, fault);
  const signature = bytes64.parse(rest[3] ?? null, fault);
  if (count === undefined || index === undefined || path === undefined || signature === undefined || index >= count) {
    return refuse('bad_proof', 'proof');
  }
  if (path.length !== pathLength(index, count)) return refuse('path_length', 'proof');
  return { ok: true, proof: { kind: 'batch', count, index, path, signature } };
}

/** The wire form of a proof. */
export function proofValue(proof: Proof): DagValue {
  return proof.kind === 'single' ? [0, proof.signature] : [1, proof.count, proof.index, proof.path, proof.signature];
}

/** What a single proof signs. */
export const singleMessage = (digest: Uint8Array): Uint8Array => inDomain('envelope', digest);

/** What a batch proof signs. */
export const batchMessage = (count: number, root: Uint8Array): Uint8Array =>
  inDomain('batch', concat([u32be(count), root]));
