import type { LoadPolicy } from '@canswarm/kernel';
import { inlineEngine, opaEngine, opaPolicies } from '@canswarm/policy-opa';
import type { PolicyEngine } from '@canswarm/ports';
import { encodeCapsule, type Genesis } from '@canswarm/protocol';
import { openPolicy } from './open-policy.ts';

/** What loads the policies of networks in this process, for its nodes and for every log that is judged again. */
export const networkPolicies: LoadPolicy = opaPolicies();

/** What evaluates the policies of needs in this process, beside its nodes. */
export const needPolicies: PolicyEngine = opaEngine();

/** The same in the thread of the nodes, for networks under a virtual clock. */
export const inlineNeedPolicies: PolicyEngine = inlineEngine();

/** A built policy as a genesis holds it. Throws PolicyFault. */
export function genesisPolicy(folder: string): NonNullable<Genesis['policy']> {
  const { capsule, wasm } = openPolicy(folder);
  return { capsule: encodeCapsule(capsule), engine: wasm };
}
