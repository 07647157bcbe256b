import { decodeCbor, encodeCbor, isList, key32, type Sha256 } from '@canswarm/protocol';

/** Envelopes in one gossip message at most, and its bytes. */
export const MESSAGE_ENVELOPES_MAX = 256;
export const MESSAGE_BYTES_MAX = 3_500_000;

/** An envelope of a message. Nothing of it is trusted yet. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** sha256 of all bytes, and its `key32`. */
  readonly hash: Uint8Array;
  readonly key: string;
}

/** One gossip message: envelopes of any senders, each provable alone. */
export const packMessage = (envelopes: readonly Uint8Array[]): Uint8Array => encodeCbor([...envelopes]);

/** The envelopes of a message, or null when it is none. */
export function unpackMessage(message: Uint8Array, sha256: Sha256): readonly Piece[] | null {
  if (message.length > MESSAGE_BYTES_MAX) return null;
  const decoded = decodeCbor(message);
  if (!decoded.ok || !isList(decoded.value) || decoded.value.length > MESSAGE_ENVELOPES_MAX) return null;
  const pieces: Piece[] = [];
  for (const item of decoded.value) {
    if (!(item instanceof Uint8Array)) return null;
    const hash = sha256(item);
    pieces.push({ bytes: item, hash, key: key32(hash) });
  }
  return pieces;
}
