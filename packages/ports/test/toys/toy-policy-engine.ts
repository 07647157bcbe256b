import { opaEngine } from '@canswarm/policy-opa';
import type { PolicyDecision } from '@canswarm/protocol';
import { type PolicyEngineHarness, realWorld } from '../../src/compliance/index.ts';
import { type LoadedPolicy, type PolicyEngine, PolicyError, type PolicyProgram } from '../../src/index.ts';

export type PolicyEngineFault =
  | 'has no parameters'
  | 'lists reasons as they came'
  | 'remembers the last evaluation'
  | 'takes silence for consent'
  | 'has gas without end'
  | 'is generous with gas'
  | 'has memory without end'
  | 'takes any input'
  | 'links what is imported'
  | 'lends any builtin'
  | 'takes any program'
  | 'works after its close';

const PLENTY = { gas: 1_000_000_000, memoryBytes: 67_108_864 };
/** Less than the suite's bombs want, so that a toy that falls for them is done before long. */
const MUCH = { gas: 100_000_000, memoryBytes: 33_554_432 };

/** What a fault makes of a program before it is loaded. */
function spoiled(program: PolicyProgram, fault: PolicyEngineFault | null): PolicyProgram {
  switch (fault) {
    case 'has no parameters':
      return { ...program, parameters: new TextEncoder().encode('{"word":"bond"}') };
    case 'has gas without end':
      return { ...program, gas: Math.max(program.gas, MUCH.gas) };
    case 'is generous with gas':
      return { ...program, gas: Math.min(PLENTY.gas, program.gas + 10) };
    case 'has memory without end':
      return { ...program, memoryBytes: Math.max(program.memoryBytes, MUCH.memoryBytes) };
    case 'lends any builtin':
      return { ...program, builtins: ['sprintf'] };
    case 'takes any program': {
      const { wasm, parameters, gas, memoryBytes } = program;
      return {
        ...program,
        wasm: wasm.slice(0, 2_097_152),
        parameters: parameters.slice(0, 262_144),
        gas: gas > 0 && gas <= PLENTY.gas && Number.isInteger(gas) ? gas : PLENTY.gas,
        memoryBytes: memoryBytes > 0 && memoryBytes <= PLENTY.memoryBytes ? memoryBytes : PLENTY.memoryBytes,
      };
    }
    default:
      return program;
  }
}

/** What a fault makes of a decision; `before` is what the policy used so far. */
function twisted(decision: PolicyDecision, fault: PolicyEngineFault | null, before: number): PolicyDecision {
  switch (fault) {
    case 'lists reasons as they came':
      return { ...decision, reasons: decision.reasons.toReversed() };
    case 'remembers the last evaluation':
      return { ...decision, gasUsed: decision.gasUsed + (before > 0 ? 1 : 0) };
    case 'takes silence for consent':
      return decision.reasons.some(({ code }) => code === 'no_decision') ? { ...decision, allow: true } : decision;
    default:
      return decision;
  }
}

/** An engine of policies: OPA's, broken in one way. */
export function toyPolicyEngine(fault: PolicyEngineFault | null): PolicyEngineHarness {
  const inner = opaEngine();
  const engine: PolicyEngine = {
    async load(program) {
      if (fault === 'links what is imported' && program.wasm.length < 100 && program.wasm.length > 8) {
        throw new PolicyError('module', 'it is too short');
      }
      return toyPolicy(await inner.load(spoiled(program, fault)), fault);
    },
    async close() {
      if (fault !== 'works after its close') await inner.close();
    },
  };
  return { ...realWorld(() => inner.close()), engine };
}

function toyPolicy(inner: LoadedPolicy, fault: PolicyEngineFault | null): LoadedPolicy {
  let used = 0;
  return {
    async evaluate(input) {
      const taken = fault === 'takes any input' ? input.slice(0, 524_288) : input;
      const decision = twisted(await inner.evaluate(taken), fault, used);
      used += decision.gasUsed;
      return decision;
    },
    close: () => inner.close(),
  };
}
