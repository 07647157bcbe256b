import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { basePolicy } from '@canswarm/policies';
import type { ContentStore } from '@canswarm/ports';
import { POLICY_FILES } from '../policy/policy-folder.ts';
import type { NetworkFolder } from './network-folder.ts';

/**
 * Keeps the conformance vectors that this home has as content: that of the base policy, and of the policy that its network was made with. So nodes can
 * check their engines by them, and give them to peers.
 */
export async function keepVectors(network: NetworkFolder, content: ContentStore): Promise<void> {
  const base = readFileSync(join(basePolicy, POLICY_FILES.conformance));
  for (const vector of [base, network.vector()])
    if (vector !== null) await content.pin(await content.put(vector, 'raw'));
}
