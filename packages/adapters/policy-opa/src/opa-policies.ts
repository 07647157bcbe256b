import { PolicyError, type PolicyProgram, policyProgram } from '@canswarm/ports';
import type { Capsule, PolicyDecision } from '@canswarm/protocol';
import { opaPolicy } from './opa-policy.ts';

/** Policies kept loaded: those of the networks of a process, and of epochs that are replayed. */
const KEPT_MAX = 8;

/** A capsule and its module, of which somebody has seen that the one names the other. */
export interface LoadablePolicy {
  readonly capsule: Capsule;
  readonly engine: Uint8Array;
}

/**
 * Loads policies of networks, in the thread that asks; null for a module that is none (`spec/13-policy.md`, engine). Each is loaded once
 * while it is among the last that were asked for. To be injected into the law: the same bytes give the same answer, gas included.
 */
export function opaPolicies(): (policy: LoadablePolicy) => ((input: Uint8Array) => PolicyDecision) | null {
  const kept = new Map<string, ((input: Uint8Array) => PolicyDecision) | null>();
  return ({ capsule, engine }) => {
    const program = policyProgram(capsule, engine);
    const { gas, memoryBytes, builtins, parameters } = program;
    const key = JSON.stringify([capsule.engine, gas, memoryBytes, builtins, new TextDecoder().decode(parameters)]);
    const known = kept.get(key);
    const decide = known === undefined ? loadOne(program) : known;
    kept.delete(key);
    kept.set(key, decide);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    return decide;
  };
}

function loadOne(program: PolicyProgram): ((input: Uint8Array) => PolicyDecision) | null {
  try {
    const policy = opaPolicy(program);
    return (input) => policy.decide(input);
  } catch (error) {
    if (error instanceof PolicyError || error instanceof RangeError) return null;
    throw error;
  }
}
