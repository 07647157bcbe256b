import type { NeedId, VerifiedEnvelope } from '@canswarm/protocol';
import type { Agent } from '../../support/keys.ts';

/** What seats chose where there was no log, and by whose bid work was done there. */
export interface Lost {
  readonly need: NeedId;
  readonly worker: Agent;
  readonly bid: VerifiedEnvelope;
  readonly votes: readonly VerifiedEnvelope[];
}
