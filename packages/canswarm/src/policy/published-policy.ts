import type { ApiClient, PolicyRequest } from '@canswarm/api';
import { writeCar } from '@canswarm/content-fs';
import { capsuleToJson } from '@canswarm/protocol';
import { openPolicy } from './open-policy.ts';
import { PolicyFault } from './policy-fault.ts';
import { readConformance } from './policy-folder.ts';

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

/** Has a running node keep the conformance vector of a built policy, and give it to others, which check their engines by it. */
export async function storeVector(client: Pick<ApiClient, 'putBlocks'>, folder: string): Promise<void> {
  const cid = openPolicy(folder).capsule.conformance;
  await client.putBlocks({ body: writeCar([cid], [{ cid, bytes: readConformance(folder) }]) });
}
