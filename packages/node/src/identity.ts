import type { Disputes, Me, Need } from '@canswarm/kernel';
import type { Signer } from '@canswarm/ports';
import type { Did, Micro } from '@canswarm/protocol';
import type { HashChain } from './hash-chain.ts';

/** What a worker asks for a need. */
export interface Offer {
  /** Micro-credits. */
  readonly price: Micro;
  /** The least that it goes down to when it is outbid; its price: it never improves. */
  readonly floor: Micro;
  readonly etaMs: number;
}

/** Which engine of the skill module a key uses for each action; null: it does not act. */
export interface Engines {
  execute: string | null;
  evaluate: string | null;
  inspect: string | null;
}

/** One key of a node and what it does. A key is held by one node only. */
export interface Identity {
  readonly signer: Signer;
  /** The chain behind its JOIN or genesis entry; null for keys that are no verifiers. */
  readonly chain: HashChain | null;
  /** Skills it bids for. */
  readonly skills: ReadonlySet<string>;
  readonly engines: Engines;
  /** Its price for a need; null: it does not bid. */
  readonly offer: ((need: Need) => Offer | null) | null;
  /** What it disputes before a jury of its own accord. */
  readonly disputes: Disputes;
  /** As a worker: the planner whose plans it accepts instead of bidding itself. */
  readonly planner: Did | null;
  /** As a planner: its share on top of the worker's price; null: it does not plan. */
  readonly share: ((need: Need, workerPrice: Micro) => Micro) | null;
  /** As a planner: the needs whose work it divides, by skill, and the engine that does; null: none. */
  readonly divides: { readonly skills: ReadonlySet<string>; readonly engine: string } | null;
  /** A key that is silent signs no votes. */
  silent: boolean;
  /** A key that is lifeless says nothing about the leases it holds: no heartbeat, no renewal, no result. */
  lifeless: boolean;
}

/** How duties see a key. */
export const asMe = (identity: Identity): Me => ({
  did: identity.signer.did,
  worksOn: identity.engines.execute === null ? NOTHING : identity.skills,
  verifies: identity.chain !== null && identity.engines.evaluate !== null && !identity.silent,
  inspects: identity.engines.inspect !== null,
  disputes: identity.disputes,
  checks: identity.engines.evaluate !== null,
  acceptsPlansOf: identity.planner,
  plans: identity.share !== null,
  least: (need) => identity.offer?.(need)?.floor ?? null,
  divides: identity.divides?.skills ?? NOTHING,
});

const NOTHING: ReadonlySet<string> = new Set();
