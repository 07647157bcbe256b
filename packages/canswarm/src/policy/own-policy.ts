import type { OwnPolicy } from '@canswarm/agent';
import { type ApiClient, bytesOf } from '@canswarm/api';
import { writeCar } from '@canswarm/content-fs';
import type { ContentStore } from '@canswarm/ports';
import {
  BLOCK_BYTES_MAX,
  type Cid,
  encodeCapsule,
  NEED_POLICY_GAS_MAX,
  NEED_POLICY_MEMORY_BYTES_MAX,
  POLICY_ENGINE_BYTES_MAX,
  parseCapsule,
  parseCid,
} from '@canswarm/protocol';
import { openPolicy } from './open-policy.ts';
import { PolicyFault } from './policy-fault.ts';

/** How long a node looks for a block, and for one that only tells a name, ms. */
const NODE_MS = 10_000;
const NAME_MS = 2_000;

/** A built policy as a need names it. Throws PolicyFault, `refused` for one that is beyond what a need's may be. */
export function ownPolicy(folder: string): OwnPolicy {
  const { cid, capsule, wasm } = openPolicy(folder);
  for (const [what, has, most] of [
    ['gas', capsule.gas, NEED_POLICY_GAS_MAX],
    ['bytes of memory', capsule.memoryBytes, NEED_POLICY_MEMORY_BYTES_MAX],
    ['bytes of module', wasm.length, POLICY_ENGINE_BYTES_MAX],
  ] as const) {
    if (has <= most) continue;
    const means = 'Others evaluate the policy of a need, so it is small.';
    throw new PolicyFault('refused', `the policy has ${has} ${what}; that of a need has at most ${most}`, means, BUILD);
  }
  const blocks = [
    { cid, bytes: encodeCapsule(capsule) },
    { cid: capsule.engine, bytes: wasm },
  ];
  return { capsule: cid, blocks };
}

const BUILD = 'Change policy.json or its Rego, and build it anew: canswarm policy build DIR';

/** Has a running node keep the blocks of a need's policy. */
export async function storeOwnPolicy(
  client: Pick<ApiClient, 'putBlocks'>,
  { capsule, blocks }: OwnPolicy,
): Promise<Cid> {
  if (blocks.length > 0) await client.putBlocks({ body: writeCar([capsule], blocks) });
  return capsule;
}

type Blocks = Pick<ContentStore, 'get'>;

/** The blocks of a policy from its folder. Throws PolicyFault. */
export function folderBlocks(folder: string): Blocks {
  const { capsule, blocks } = ownPolicy(folder);
  return {
    async get(wanted) {
      const found = blocks.find(({ cid }) => cid === wanted);
      if (found !== undefined) return found.bytes;
      throw new Error(`the policy in ${folder} is another, ${capsule}`);
    },
  };
}

/** Blocks that a running node has, or that its peers give it. */
export const nodeBlocks = (client: Pick<ApiClient, 'getBlock'>): Blocks => ({
  async get(cid, { deadlineMs, maxBytes }) {
    return bytesOf(await client.getBlock({ cid, deadlineMs: Math.min(deadlineMs, NODE_MS) }), maxBytes);
  },
});

/** What a capsule calls its policy; null where a node has no such capsule soon. */
export async function capsuleName(client: Pick<ApiClient, 'getBlock'>, capsule: string): Promise<string | null> {
  const cid = parseCid(capsule);
  if (cid === undefined) return null;
  try {
    const block = await nodeBlocks(client).get(cid, { deadlineMs: NAME_MS, maxBytes: BLOCK_BYTES_MAX });
    const read = parseCapsule(block);
    return read.ok ? read.capsule.name : null;
  } catch {
    return null;
  }
}
