import { type Capsule, type PolicyDecision, toDagJson, utf8 } from '@canswarm/protocol';

/** Largest module of a policy. */
export const POLICY_MODULE_BYTES_MAX = 2_097_152;
/** Longest input as JSON text, in bytes of UTF-8. */
export const POLICY_INPUT_BYTES_MAX = 524_288;
/** Longest parameters as JSON text, in bytes of UTF-8. */
export const POLICY_PARAMETERS_BYTES_MAX = 262_144;
/** Longest decision as JSON text, in bytes of UTF-8. */
export const POLICY_DECISION_BYTES_MAX = 65_536;
/** Most gas of one evaluation. */
export const POLICY_GAS_MAX = 1_000_000_000;
/** Most memory of one evaluation. */
export const POLICY_MEMORY_BYTES_MAX = 67_108_864;
/** What an engine loads. */
export interface PolicyProgram {
  /** WebAssembly as OPA compiles it (ABI 1.2 or later), its first entrypoint being the decision. */
  readonly wasm: Uint8Array;
  /** What the policy sees as `data.parameters`: JSON text in UTF-8. */
  readonly parameters: Uint8Array;
  /** The functions of the host that it may call: all that its module names has to be among them. */
  readonly builtins: readonly string[];
  /** Gas of one evaluation, an integer of 1 to `POLICY_GAS_MAX`. */
  readonly gas: number;
  /** Bytes of memory it may hold, the module's own data included; at most `POLICY_MEMORY_BYTES_MAX`. */
  readonly memoryBytes: number;
}

/** What an engine loads for a capsule whose module this is. */
export function policyProgram(
  { parameters, builtins, gas, memoryBytes }: Pick<Capsule, 'parameters' | 'builtins' | 'gas' | 'memoryBytes'>,
  wasm: Uint8Array,
): PolicyProgram {
  const line = toDagJson(parameters);
  if (line === undefined) throw new Error('the parameters of a capsule have a line');
  return { wasm, parameters: utf8(line), builtins, gas, memoryBytes };
}

/** The rule of the reasons that an engine gives by itself, each of them for a denial. */
export const POLICY_ENGINE_RULE = 'engine';

/**
 * - `out_of_gas`, `out_of_memory`: it wanted more than it was given. With `out_of_gas`, `gasUsed` is all of it.
 * - `trap`: it ended in the middle: a fault in its code, calls too deep, an input that is no JSON.
 * - `input_too_large`: nothing was evaluated.
 * - `no_decision`: what it gave is none, or nothing: a policy that is silent denies.
 */
export type PolicyEngineCode = 'out_of_gas' | 'out_of_memory' | 'trap' | 'input_too_large' | 'no_decision';

/**
 * - `module`: no WebAssembly, not what OPA compiles, beyond a bound, or with something in it that cannot be metered.
 * - `import`: it imports what a policy has no use for.
 * - `builtin`: it calls a function of the host that is not listed, unknown, or not the same everywhere (time, chance, network).
 * - `budget`: it cannot even begin with its memory, or takes too long to.
 * - `deadline`: this machine did not load or evaluate it in time; it says nothing about the policy.
 * - `closed`: the engine was closed.
 */
export type PolicyErrorCode = 'module' | 'import' | 'builtin' | 'budget' | 'deadline' | 'closed';

/** Why a policy cannot be had. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code: PolicyErrorCode;

  constructor(code: PolicyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface LoadedPolicy {
  /**
   * Decides about an input, which is JSON text in UTF-8. A policy that fails denies. Rejects with PolicyError: `deadline` or `closed`.
   */
  evaluate(input: Uint8Array): Promise<PolicyDecision>;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Evaluates policies of anybody where they reach nothing, with a meter: no input and no policy stalls or breaks who asks. What one
 * evaluation leaves behind no other sees.
 */
export interface PolicyEngine {
  /** Rejects with PolicyError; RangeError for a program beyond the bounds above. */
  load(program: PolicyProgram): Promise<LoadedPolicy>;
  /** Ends all policies too. Idempotent. */
  close(): Promise<void>;
}
