import type { LoadPolicy, State } from '@canswarm/kernel';
import type {
  Clock,
  ContentStore,
  DecisionLog,
  Meter,
  PolicyEngine,
  Random,
  SkillLine,
  SkillRunner,
  Store,
  Transport,
} from '@canswarm/ports';
import type { Crypto, Did, Genesis, NeedBody, NeedId, VerifiedEnvelope } from '@canswarm/protocol';
import type { Contacts } from './contact/contact.ts';
import type { ContactSettings } from './contact/settings.ts';
import type { Divergence } from './divergence.ts';
import type { AppliedEntry } from './driver.ts';
import type { Identity } from './identity.ts';
import type { LogFeeError } from './log-fee-error.ts';
import type { PolicyDeniedError } from './policy-denied-error.ts';
import type { CheckedEngine } from './self-check.ts';
import type { SpeculationStep } from './speculation.ts';
import type { Verified } from './verified.ts';

/** What a node needs from the world. */
export interface NodePorts {
  readonly transport: Transport;
  readonly log: DecisionLog;
  readonly content: ContentStore;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly meter: Meter;
  readonly crypto: Crypto;
  readonly runner: SkillRunner;
  /** Loads the policies of the network; a node without it stops at the first. */
  readonly policies?: LoadPolicy;
  /** Evaluates the policies of needs, which are anybody's; a node without it does no work of such needs, and as a seat cannot tell. */
  readonly needPolicies?: PolicyEngine;
  /** Shared by nodes of one process and one owner; a node alone needs none. */
  readonly verified?: Verified;
}

/** A need to be posted; without a mark it gets a random one, as all have that are no plant. */
export type NeedDraft = Omit<NeedBody, 'mark'> & Partial<Pick<NeedBody, 'mark'>>;

export interface NodeOptions {
  readonly genesis: Genesis;
  /** Shard of the decision log. */
  readonly shard: string;
  readonly identities: readonly Identity[];
  readonly ports: NodePorts;
  /** How long a busy node gathers at most what happens, to look at it together, and then drafts, to sign them as one batch, ms. */
  readonly gatherMs: number;
  /** How it finds out that it is cut off; `CONTACT` where nothing is said. */
  readonly contact?: ContactSettings;
}

export interface NodeListener {
  /** An entry was applied, before any duty that follows from it runs. */
  onApplied?(applied: AppliedEntry, state: State): void;
  /** An entry that an earlier life of this node applied was applied again, at its start. */
  onRecovered?(applied: AppliedEntry, state: State): void;
  /** What this node said reached the log (null), or did not for now: it is tried again, and what is still due said anew. */
  onAppend?(error: unknown): void;
  /** The node lost, or has again, contact with the log or its peers. */
  onContact?(contacts: Contacts, what: 'log' | 'peers'): void;
  /** Work that the log did not know of yet began, or it is known what became of it. */
  onSpeculation?(step: SpeculationStep, need: NeedId, did: Did): void;
  /** A key of this node has too little for the place of an entry in the log; it is not sent. */
  onUnpaid?(error: LogFeeError): void;
  /** The policy of the network, or of the need, denies what a key of this node would say; it is not signed. */
  onDenied?(error: PolicyDeniedError): void;
  /** A vote was heard that names another evaluation of the policy than this node's own. */
  onDiverged?(divergence: Divergence): void;
  /** The engine of this node decided the conformance vector of the policy that holds, or it could not be had. */
  onEngineChecked?(check: CheckedEngine): void;
  /** Gossip was heard that this node keeps: its own and that of others. */
  onHeard?(envelope: VerifiedEnvelope): void;
  /** A skill of this node logs a line. */
  onLine?(need: NeedId, key: string, line: SkillLine): void;
  /** A skill of this node moved on, or failed. */
  onProgress?(need: NeedId, key: string, done: number, total: number, note: string): void;
  /** A defect of this node came to light over a message; the message is ignored, the node goes on. */
  onDefect?(error: unknown): void;
  /** The node stopped by itself: its state or its log cannot be trusted any more. */
  onFailure?(error: unknown): void;
}
