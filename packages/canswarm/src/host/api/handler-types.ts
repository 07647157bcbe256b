import type { Handlers } from '@canswarm/api';
import type { HostParts } from '../run-host.ts';
import type { Call } from './http/app.ts';

/** What does each operation. */
export type ApiHandlers = Handlers<Call>;

export interface ApiOptions {
  readonly parts: HostParts;
  /** Where the API is reached over TCP; null when it is not. */
  readonly address: () => string | null;
  /** Told when the node is asked to end. */
  readonly onStop: () => void;
}
