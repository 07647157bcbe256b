import type { EnvelopeId } from './ids.ts';
import type { Payload } from './payload.ts';

declare const verified: unique symbol;

/** An envelope whose every byte was judged: canonical, of the schema, signed by `payload.from`. Made only in this package. */
export interface VerifiedEnvelope {
  readonly [verified]: true;
  /** CID of the payload bytes as received */
  readonly id: EnvelopeId;
  /** hex sha256 of the full wire bytes, proof included */
  readonly hash: string;
  readonly bytes: Uint8Array;
  readonly payload: Payload;
}
