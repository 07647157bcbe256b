import type { Cid } from '@canswarm/protocol';

/** Ways in which a peer may mean harm. */
export const HARMS = ['garbage', 'oversize', 'replay', 'spam', 'slow-reader', 'connections'] as const;
export type Harm = (typeof HARMS)[number];

export interface HostileConfig {
  readonly harm: Harm;
  /** Addresses of its victims, as multiaddrs. */
  readonly targets: readonly string[];
  readonly network: Cid;
}
