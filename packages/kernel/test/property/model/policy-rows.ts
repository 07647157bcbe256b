import { cidOf, type Genesis, parseCapsule } from '@canswarm/protocol';
import type { ToyRules } from '../../support/toy-policy.ts';
import { sha256 } from './hash.ts';

/** A policy, since when it holds. */
export interface HeldRow {
  readonly epoch: number;
  readonly capsule: string;
  readonly rules: Omit<ToyRules, 'name'>;
  readonly gas: number;
}

/** An entry that its sender signed for this log. */
interface HeardRow {
  readonly position: number;
  readonly id: string;
  readonly from: string;
  readonly bytes: number;
  readonly thread: string | null;
  readonly accepted: boolean;
}

/** A question, and whom it was for. */
interface AskedRow {
  readonly policy: HeldRow;
  readonly question: string;
}

/** All that the model remembers of policies. */
export interface PolicyRows {
  readonly held: HeldRow[];
  readonly heard: HeardRow[];
  /** What was asked about each NEED and COMMIT. */
  readonly asked: Map<string, AskedRow>;
  /** What is asked about the entry that is looked at, if nothing else refuses it; null: it is not for here. */
  now: AskedRow | null;
}

/** A capsule as a row; null for what is none. */
export function heldRow(epoch: number, capsule: string, block: Uint8Array): HeldRow | null {
  const parsed = parseCapsule(block);
  if (!parsed.ok) return null;
  return { epoch, capsule, rules: parsed.capsule.parameters, gas: parsed.capsule.gas };
}

/** What a model with a policy begins with; null where there is none. */
export function policyRows({ policy, epoch }: Genesis): PolicyRows | null {
  const first = policy === undefined ? null : heldRow(epoch, cidOf(policy.capsule, 'dag-cbor', sha256), policy.capsule);
  return first === null ? null : { held: [first], heard: [], asked: new Map(), now: null };
}
