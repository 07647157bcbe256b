import type { Capsule, Cid, Did, EnvelopeId, NeedId, NetworkPolicy, PolicyDecision } from '@canswarm/protocol';
import { invariant } from '../invariant.ts';

/** Decides about an input by one policy. Total, and pure: the same bytes, the same decision, gas included. */
export type DecidePolicy = (input: Uint8Array) => PolicyDecision;

/**
 * Loads a policy; null for a module that is none (`spec/13-policy.md`, engine). Pure: the same bytes, the same answer. Injected as
 * hashing is, since the law has no engine of its own.
 */
export type LoadPolicy = (policy: { readonly capsule: Capsule; readonly engine: Uint8Array }) => DecidePolicy | null;

/** What a policy said about an envelope. */
export interface PolicyAnswer {
  readonly capsule: Cid;
  readonly input: Uint8Array;
  readonly decision: PolicyDecision;
}

/** What a sender said in the present window of the log. */
export interface SaidInWindow {
  readonly messages: number;
  readonly bytes: number;
}

/** The policy that every entry passes, and what the law counts for it. */
export interface PolicyState {
  /** Which capsule holds from which position on. Invariant: epoch and `from` grow; not empty. */
  readonly epochs: { readonly epoch: number; readonly capsule: Cid; readonly from: number }[];
  /** By sender, since the window of `headWindow` positions began that the next entry lies in. */
  readonly said: Map<Did, SaidInWindow>;
  /** What `said` counts: an envelope counts once, since anybody may append it again. At most `headWindow` of them. */
  readonly heard: Set<EnvelopeId>;
  /** Accepted entries of its thread, by need that is not settled. */
  readonly messages: Map<NeedId, number>;
  /** The capsule of the present epoch, loaded. Derived, not part of the state root. */
  present: LoadedCapsule;
}

export interface LoadedCapsule {
  readonly cid: Cid;
  /** Its conformance vector: a raw block. */
  readonly conformance: Cid;
  /** That one evaluation may take. */
  readonly gas: number;
  readonly decide: DecidePolicy;
}

/** What the law asked about an entry, and whom, so that it can be asked again. */
export interface AskedOfLaw {
  readonly input: Uint8Array;
  readonly policy: LoadedCapsule;
  /** Of what it was answered. Derived, not part of the state root. */
  readonly digest: Uint8Array;
}

/** A member voted by another evaluation of the policy than the law's own. */
export interface Suspension {
  /** The vote that showed it. */
  readonly vote: EnvelopeId;
  /** The entry that brought that. Invariant (INV-SUSPENDED): while it is suspended nothing seats it later. */
  readonly position: number;
  /** Where it answered for the conformance vector; null while it is suspended. Older votes show nothing more. */
  readonly conformedAt: number | null;
}

/** Loads a policy. Null: the module is none. Throws InvariantError where this node cannot tell: it must stop, and let nothing pass. */
export function loadPolicy(policy: NetworkPolicy, load: LoadPolicy | null): LoadedCapsule | null {
  invariant('INV-POLICY-HERE', load !== null, `nothing here decides by the policy ${policy.cid}`);
  const decide = load(policy);
  return decide === null
    ? null
    : { cid: policy.cid, conformance: policy.capsule.conformance, gas: policy.capsule.gas, decide };
}

/** The policy begins to hold after `position`. */
export function beginPolicy(
  before: PolicyState | null,
  present: LoadedCapsule,
  epoch: number,
  position: number,
): PolicyState {
  const begun = { epoch, capsule: present.cid, from: position + 1 };
  if (before === null) return { epochs: [begun], said: new Map(), heard: new Set(), messages: new Map(), present };
  before.epochs.push(begun);
  before.present = present;
  return before;
}
