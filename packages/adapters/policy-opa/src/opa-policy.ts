import {
  assertPolicyProgram,
  POLICY_ENGINE_RULE,
  POLICY_INPUT_BYTES_MAX,
  type PolicyEngineCode,
  PolicyError,
  type PolicyProgram,
} from '@canswarm/ports';
import { type PolicyDecision, type PolicyVerdict, readVerdict } from '@canswarm/protocol';
import { compilePolicy } from './compile-policy.ts';
import { Ended } from './ended.ts';
import { OpaInstance, sparePagesFor } from './opa-instance.ts';

/** A policy in the thread that calls it. */
export interface OpaPolicy {
  /** Decides about an input, JSON text in UTF-8. A policy that fails denies; throws a RangeError only where this machine has no memory left. */
  decide(input: Uint8Array): PolicyDecision;
}

const encoder = new TextEncoder();

/**
 * Loads a policy into this thread. An evaluation cannot take more than its gas, but takes that without a pause: a policy of a stranger
 * belongs into a thread of its own (`opaEngine`). Throws PolicyError; RangeError for a program beyond the bounds of the port.
 */
export function opaPolicy(program: PolicyProgram): OpaPolicy {
  assertPolicyProgram(program);
  const compiled = compilePolicy(program.wasm, program.memoryBytes);
  const data = dataOf(program.parameters);
  const begin = (sparePages: number) => new OpaInstance(compiled, data, program.builtins, sparePages);
  const pool = new Map<number, OpaInstance>([[sparePagesFor(0), first(() => begin(sparePagesFor(0)))]]);
  return {
    decide(input) {
      if (input.length > POLICY_INPUT_BYTES_MAX) return denied('input_too_large', 0);
      const sparePages = sparePagesFor(input.length);
      const instance = pool.get(sparePages) ?? again(() => begin(sparePages));
      if (instance === null) return denied('trap', 0);
      pool.delete(sparePages);
      const { decision, whole } = decide(instance, input, program.gas);
      if (whole && instance.isReusable) pool.set(sparePages, instance);
      return decision;
    },
  };
}

/** What the policy sees as `data`. */
function dataOf(parameters: Uint8Array): Uint8Array {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(parameters);
  return encoder.encode(`{"parameters":${text}}`);
}

/** The first instance shows whether the policy can begin. */
function first(begin: () => OpaInstance): OpaInstance {
  try {
    return begin();
  } catch (cause) {
    if (cause instanceof PolicyError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyError('budget', `the policy cannot begin: ${why}`, { cause });
  }
}

/**
 * A further instance, with other spare pages than the first; null for a module that does not begin with those. Throws a RangeError where this
 * machine has not the memory: that says nothing about the policy.
 */
function again(begin: () => OpaInstance): OpaInstance | null {
  try {
    return begin();
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return null;
  }
}

interface Outcome {
  readonly decision: PolicyDecision;
  /** Whether the policy came to its end. */
  readonly whole: boolean;
}

function decide(instance: OpaInstance, input: Uint8Array, gas: number): Outcome {
  let text: string;
  try {
    text = instance.evaluate(input, gas);
  } catch (error) {
    return { decision: denied(codeOf(instance, error), instance.gasUsed), whole: false };
  }
  const verdict = verdictOf(text);
  const { gasUsed } = instance;
  return { decision: verdict === undefined ? denied('no_decision', gasUsed) : { ...verdict, gasUsed }, whole: true };
}

function codeOf(instance: OpaInstance, error: unknown): PolicyEngineCode {
  if (instance.isOutOfGas) return 'out_of_gas';
  return error instanceof Ended ? error.code : 'trap';
}

/** The one result that a policy gives. */
function verdictOf(text: string): PolicyVerdict | undefined {
  let results: unknown;
  try {
    results = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(results) || results.length !== 1) return undefined;
  const [only]: readonly unknown[] = results;
  if (typeof only !== 'object' || only === null) return undefined;
  return readVerdict((only as { readonly result?: unknown }).result);
}

function denied(code: PolicyEngineCode, gasUsed: number): PolicyDecision {
  return { allow: false, reasons: [{ rule: POLICY_ENGINE_RULE, code, facts: {} }], gasUsed };
}
