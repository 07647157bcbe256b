import type { LoadPolicy } from '@canswarm/kernel';
import { opaPolicies } from '@canswarm/policy-opa';
import { encodeCapsule, type Genesis } from '@canswarm/protocol';
import { openPolicy } from './open-policy.ts';

/** What loads the policies of networks in this process, for its nodes and for every log that is judged again. */
export const networkPolicies: LoadPolicy = opaPolicies();

/** A built policy as a genesis holds it. Throws PolicyFault. */
export function genesisPolicy(folder: string): NonNullable<Genesis['policy']> {
  const { capsule, wasm } = openPolicy(folder);
  return { capsule: encodeCapsule(capsule), engine: wasm };
}
