import type { Cid } from '@canswarm/protocol';

/** What is told to a peer's process, and what it says. */
export type ToPeer =
  | { readonly type: 'publish'; readonly perSecond: number; readonly seconds: number }
  /** Asks for what was sent and came since the last time. */
  | { readonly type: 'collect' }
  | { readonly type: 'end' };

/** `[id, time]` with times of the machine's monotonic clock, ms, which all processes share. */
export type Seen = readonly (readonly [id: string, at: number])[];

export type FromPeer =
  | { readonly type: 'listening'; readonly address: string }
  | { readonly type: 'connected' }
  | { readonly type: 'published' }
  | { readonly type: 'collected'; readonly sent: Seen; readonly got: Seen; readonly cutOff: number };

/** How a peer speaks: as a node does (signed, batched, verified), or gossipsub alone with bytes of the same length. */
export type PeerKind = 'node' | 'bare';

export interface PeerConfig {
  readonly kind: PeerKind;
  readonly index: number;
  readonly peers: number;
  readonly network: Cid;
  /** Addresses of the peers that were started before. */
  readonly bootstrap: readonly string[];
  /** Keys a peer signs with. */
  readonly keys: number;
  readonly gatherMs: number;
  /** Length of a bare message, bytes. */
  readonly length: number;
}

export const now = (): number => Number(process.hrtime.bigint()) / 1e6;
