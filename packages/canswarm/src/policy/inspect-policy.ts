import type { Capsule, Cid, Did } from '@canswarm/protocol';
import { checkConformance, openPolicy } from './open-policy.ts';

export interface PolicyFacts {
  readonly cid: Cid;
  readonly capsule: Capsule;
  readonly author: Did | null;
  readonly signature: boolean | null;
  readonly wasmBytes: number;
  readonly cases: number;
  /** Whether this machine decides the conformance vector as it says. */
  readonly conforms: boolean;
  /** Gas of the dearest case. */
  readonly gasUsedMax: number;
}

/** What a built policy is. Throws PolicyFault. */
export async function inspectPolicy(folder: string): Promise<PolicyFacts> {
  const policy = openPolicy(folder);
  const { different } = await checkConformance(policy);
  return {
    cid: policy.cid,
    capsule: policy.capsule,
    author: policy.signed.author,
    signature: policy.signature,
    wasmBytes: policy.wasm.length,
    cases: policy.conformance.length,
    conforms: different.length === 0,
    gasUsedMax: Math.max(0, ...policy.conformance.map(({ decision }) => decision.gasUsed)),
  };
}
