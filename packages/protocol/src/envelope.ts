import { key32, plainBytes, toHex } from './bytes.ts';
import { decodeCbor } from './cbor/decode.ts';
import { encodeCbor } from './cbor/encode.ts';
import { isList } from './cbor/value.ts';
import { cidOfDigest } from './cid.ts';
import { ProtocolError, type Refusal, refuse } from './codes.ts';
import type { Crypto, MessageSigner, Sha256 } from './crypto.ts';
import { keyOfDid } from './did.ts';
import { strictVerify } from './ed25519.ts';
import { asEnvelopeId, type Did, type EnvelopeId } from './ids.ts';
import { ENVELOPE_BYTES_MAX } from './limits.ts';
import type { Memo } from './memo.ts';
import { rootOfPath } from './merkle.ts';
import { encodePayload, type Payload, parsePayload } from './payload.ts';
import { type BatchProof, batchMessage, type Proof, parseProof, proofValue, singleMessage } from './proof.ts';
import type { VerifiedEnvelope } from './verified-envelope.ts';

/** An envelope before its signature was verified: known only by the hash of all its bytes. */
export interface ReadEnvelope {
  /** sha256 of all bytes */
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
  /** sha256 of the payload bytes */
  readonly digest: Uint8Array;
  readonly payload: Payload;
  readonly proof: Proof;
}

export type Opened = { readonly ok: true; readonly envelope: VerifiedEnvelope } | Refusal;

/** A view into a larger buffer is copied: what is kept of an envelope must not keep the message around it. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength > 2 * bytes.length ? plainBytes(bytes).slice() : plainBytes(bytes);
}

/**
 * Size, memo, codec, proof form, schema: all that is judged before a signature. `known` is what the memo had; a `read` one is
 * to be verified with `verifyReads`. So a node can drop copies and floods before it pays for a signature.
 */
export function readEnvelope(
  input: Uint8Array,
  sha256: Sha256,
  memo: Memo | undefined,
):
  | { readonly ok: true; readonly known: VerifiedEnvelope }
  | { readonly ok: true; readonly read: ReadEnvelope; readonly known?: undefined }
  | Refusal {
  if (input.length > ENVELOPE_BYTES_MAX) return refuse('envelope_too_large');
  const hash = sha256(input);
  const known = memo?.envelopes.get(key32(hash));
  if (known !== undefined) return { ok: true, known };
  const bytes = ownBytes(input);
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return decoded;
  const wire = decoded.value;
  if (!isList(wire)) return refuse('wrong_type');
  const [payloadBytes, proofPart = null] = wire;
  if (wire.length !== 2 || !(payloadBytes instanceof Uint8Array)) return refuse('wrong_type');
  const proof = parseProof(proofPart);
  if (!proof.ok) return proof;
  const payload = parsePayload(payloadBytes);
  if (!payload.ok) return payload;
  return { ok: true, read: { hash, bytes, digest: sha256(payloadBytes), payload: payload.value, proof: proof.proof } };
}

function batchKey(from: Did, { count, signature }: BatchProof, root: Uint8Array): string {
  return `${from} ${count} ${key32(root)}${key32(signature)}${key32(signature, 32)}`;
}

/** Verifies the signature of a batch root, once for each memo. */
export function batchSigned(
  read: ReadEnvelope,
  proof: BatchProof,
  root: Uint8Array,
  crypto: Crypto,
  memo: Memo | undefined,
): boolean {
  const { from } = read.payload;
  const key = memo === undefined ? '' : batchKey(from, proof, root);
  if (memo?.roots.get(key) === true) return true;
  const signed = strictVerify(crypto, keyOfDid(from), batchMessage(proof.count, root), proof.signature);
  if (signed) memo?.roots.set(key, true);
  return signed;
}

/** Whether the sender signed this envelope, judged from the envelope alone. */
export function proofHolds(read: ReadEnvelope, crypto: Crypto, memo: Memo | undefined): boolean {
  const { proof, digest, payload } = read;
  if (proof.kind === 'single') {
    return strictVerify(crypto, keyOfDid(payload.from), singleMessage(digest), proof.signature);
  }
  const root = rootOfPath(digest, proof.index, proof.count, proof.path, crypto.sha256);
  return batchSigned(read, proof, root, crypto, memo);
}

/** Brands an envelope whose proof was found to hold, and remembers it. */
export function acceptEnvelope(read: ReadEnvelope, memo: Memo | undefined): VerifiedEnvelope {
  const id = asEnvelopeId(cidOfDigest(read.digest, 'dag-cbor'));
  const { hash, bytes, payload } = read;
  const envelope = { id, hash: toHex(hash), bytes, payload } as VerifiedEnvelope;
  memo?.envelopes.set(key32(hash), envelope, bytes.length);
  return envelope;
}

/** Opens one envelope from its wire bytes: size, memo, codec, proof form, schema, signature, in this order. */
export function openEnvelope(bytes: Uint8Array, crypto: Crypto, memo?: Memo): Opened {
  const step = readEnvelope(bytes, crypto.sha256, memo);
  if (!step.ok) return step;
  if (step.known !== undefined) return { ok: true, envelope: step.known };
  if (!proofHolds(step.read, crypto, memo)) return refuse('bad_signature');
  return { ok: true, envelope: acceptEnvelope(step.read, memo) };
}

/** How many bytes of a signed envelope are its payload. */
export function payloadLength({ bytes }: Pick<VerifiedEnvelope, 'bytes'>): number {
  const { byteOffset, byteLength, buffer } = bytes;
  const view = new DataView(buffer, byteOffset, byteLength);
  // After the head of the list comes that of the byte string, in its shortest form.
  const size = view.getUint8(1) & 0x1f;
  if (size < 24) return size;
  return size === 24 ? view.getUint8(2) : view.getUint16(2);
}

/** A signed envelope on its way out. */
export interface SignedEnvelope {
  readonly id: EnvelopeId;
  readonly bytes: Uint8Array;
}

/** The wire bytes of a payload and its proof. Throws a ProtocolError when they are too many. */
export function encodeEnvelope(payloadBytes: Uint8Array, proof: Proof): Uint8Array {
  const bytes = encodeCbor([payloadBytes, proofValue(proof)]);
  if (bytes.length > ENVELOPE_BYTES_MAX) throw new ProtocolError({ code: 'envelope_too_large', path: '' }, 'envelope');
  return bytes;
}

/** Payload bytes of the signer's own payload. */
export function ownPayload(payload: Payload, signer: MessageSigner): Uint8Array {
  if (payload.from !== signer.did) throw new Error(`${signer.did} cannot sign for ${payload.from}`);
  return encodePayload(payload);
}

/** Signs one payload. Throws a ProtocolError for a payload that a peer would refuse. */
export function signEnvelope(payload: Payload, signer: MessageSigner, sha256: Sha256): SignedEnvelope {
  const payloadBytes = ownPayload(payload, signer);
  const digest = sha256(payloadBytes);
  const bytes = encodeEnvelope(payloadBytes, { kind: 'single', signature: signer.sign(singleMessage(digest)) });
  return { id: asEnvelopeId(cidOfDigest(digest, 'dag-cbor')), bytes };
}
