import type { PolicyRequest } from '@canswarm/api';
import { capsuleToJson } from '@canswarm/protocol';
import { openPolicy } from './open-policy.ts';
import { PolicyFault } from './policy-fault.ts';

/** A built and signed policy as a node takes it, to have it hold in its network. Throws PolicyFault. */
export function publishedPolicy(folder: string): PolicyRequest {
  const { signed, signature, wasm } = openPolicy(folder);
  if (signature !== true) {
    const what = signature === null ? 'nobody has signed the policy' : 'the signature of the policy is false';
    const means = 'Nothing was published: somebody answers for what everybody has to pass.';
    throw new PolicyFault('unsigned', what, means, 'Sign it: canswarm policy sign DIR --key NAME');
  }
  return { capsule: capsuleToJson(signed), engine: Buffer.from(wasm).toString('base64') };
}
